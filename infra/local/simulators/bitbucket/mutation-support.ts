import { userJson, type WebhookPayload } from "./json.ts";
import type { Json, JsonStyle } from "./json-style.ts";
import {
  type BitbucketData,
  findProject,
  findRepository,
  type Participant,
  type Project,
  type PullRequest,
  type Repository,
  type User,
} from "./model.ts";

/** What every change to the model works with. `look` is asked anew, since the address is known late. */
export type Workshop = {
  readonly data: BitbucketData;
  readonly style: () => JsonStyle;
  /** Milliseconds since the epoch; never the same twice. */
  readonly tick: () => number;
  /** Whether reviews and comments are updates of a pull request. */
  readonly reviewsUpdate: boolean;
  readonly version: string;
};

/** Names a pull request: project key, repository slug, number. */
export type PullRequestName = readonly [key: string, slug: string, id: number];

export function project({ data }: Workshop, key: string): Project {
  return findProject(data, key) ?? missing(`project ${key}`);
}

export function repository({ data }: Workshop, key: string, slug: string): Repository {
  return findRepository(data, key, slug) ?? missing(`repository ${key}/${slug}`);
}

export function pullRequest(workshop: Workshop, [key, slug, id]: PullRequestName): PullRequest {
  return repository(workshop, key, slug).pullRequests.get(id) ?? missing(`pull request ${key}/${slug}/${id}`);
}

export function user({ data }: Workshop, slug: string): User {
  return data.users.find((one) => one.slug === slug) ?? missing(`user ${slug}`);
}

export function participant(user: User, role: Participant["role"]): Participant {
  return { user, role, status: "UNAPPROVED" };
}

/** The body of a webhook: who did what when. The first user is the one who does everything. */
export function payload(workshop: Workshop, eventKey: string, at: number, rest: Json): WebhookPayload {
  const [actor] = workshop.data.users;
  const who = actor === undefined ? {} : { actor: userJson(actor, workshop.style()) };
  return { eventKey, date: new Date(at).toISOString().replace(/\.\d+Z$/, "+0000"), ...who, ...rest };
}

/** A change to a repository or a project: Bitbucket shows the old values with the links of the new ones. */
export function modified(workshop: Workshop, eventKey: string, old: Json, now: Json): WebhookPayload {
  const links = now["links"] === undefined ? {} : { links: now["links"] };
  return payload(workshop, eventKey, workshop.tick(), { old: { ...old, ...links }, new: now });
}

/** A clock whose every reading is later than the one before. */
export function ticking(now: () => number): () => number {
  let last = 0;
  return () => {
    last = Math.max(now(), last + 1);
    return last;
  };
}

function missing(what: string): never {
  throw new Error(`The simulated Bitbucket has no ${what}`);
}
