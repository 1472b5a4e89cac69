import type { JsonObject } from "../../lib/json.ts";

const host = "https://bitbucket.example.org";

/** A Bitbucket user; `mail: false` leaves the address out, as for service users. */
export function user(name: string, { mail = true } = {}): JsonObject {
  return {
    name,
    ...(mail ? { emailAddress: `${name}@example.org` } : {}),
    active: true,
    displayName: `User ${name}`,
    id: 100,
    slug: name,
    type: "NORMAL",
    links: { self: [{ href: `${host}/users/${name}` }] },
  };
}

export function project(key: string, overrides: JsonObject = {}): JsonObject {
  return {
    key,
    id: 1,
    name: `Project ${key}`,
    description: `About ${key}`,
    public: false,
    type: "NORMAL",
    links: { self: [{ href: `${host}/projects/${key}` }] },
    ...overrides,
  };
}

export function repository(key: string, slug: string, overrides: JsonObject = {}): JsonObject {
  return {
    slug,
    id: 1,
    name: `Repository ${slug}`,
    description: `About ${slug}`,
    scmId: "git",
    state: "AVAILABLE",
    forkable: true,
    public: false,
    project: project(key),
    links: { self: [{ href: `${host}/projects/${key}/repos/${slug}/browse` }] },
    ...overrides,
  };
}

/** When the first thing happens in tests: epoch ms. */
export const start = Date.parse("2024-05-01T10:00:00.000Z");

export function pullRequest(
  id: number,
  overrides: JsonObject = {},
  repo = repository("PRJ", "app"),
): JsonObject {
  const slug = String(repo["slug"]);
  const key = String((repo["project"] as JsonObject)["key"]);
  return {
    id,
    version: 0,
    title: `Change ${id}`,
    description: "What it does",
    state: "OPEN",
    open: true,
    closed: false,
    createdDate: start,
    updatedDate: start,
    fromRef: { id: "refs/heads/dev", displayId: "dev", latestCommit: "a".repeat(40), repository: repo },
    toRef: { id: "refs/heads/main", displayId: "main", latestCommit: "b".repeat(40), repository: repo },
    author: { user: user("ann"), role: "AUTHOR", approved: false, status: "UNAPPROVED" },
    reviewers: [{ user: user("bob"), role: "REVIEWER", approved: false, status: "UNAPPROVED" }],
    participants: [{ user: user("cid"), role: "PARTICIPANT", approved: false, status: "UNAPPROVED" }],
    links: { self: [{ href: `${host}/projects/${key}/repos/${slug}/pull-requests/${id}` }] },
    ...overrides,
  };
}

/** An event's payload; `at` is in epoch ms and becomes the date with an offset without colon that Bitbucket sends. */
export function event(eventKey: string, body: JsonObject, at = start): JsonObject {
  return {
    eventKey,
    date: new Date(at).toISOString().replace(/\.\d+Z$/, "+0000"),
    actor: user("ann"),
    ...body,
  };
}
