import { expect, test } from "vitest";
import type { Address } from "../../lib/bitbucket/address.ts";
import {
  exceptionNames,
  names,
  readUserWhereabouts,
  readWhereabouts,
  saysMoved,
  tellsWhereabouts,
} from "../../lib/bitbucket/whereabouts.ts";
import { RequestError } from "../../lib/errors.ts";
import type { HttpAnswer } from "../../lib/http/request.ts";
import type { Json } from "../../lib/json.ts";
import { project, pullRequest, repository } from "../support/payloads.ts";

const host = "https://bitbucket.example.org";
const api = `${host}/rest/api/1.0/projects`;
const places: Record<Address["kind"], Address> = {
  project: { kind: "project", key: "PRJ" },
  repository: { kind: "repository", key: "PRJ", slug: "app" },
  "pull-request": { kind: "pull-request", key: "PRJ", slug: "app", id: 7 },
};
const core = { kind: "repository", key: "PRJ", slug: "core" } as const;
const objects = {
  project: project("PRJ"),
  repository: repository("PRJ", "app"),
  "pull-request": pullRequest(7),
};
const error = new RequestError({ service: "bitbucket", operation: "GET" });
const unknown = { is: "unknown", error };

function answer(status: number, json?: Json, headers: Record<string, string> = {}): HttpAnswer {
  return {
    status,
    json,
    text: json === undefined ? "" : JSON.stringify(json),
    headers: new Headers(headers),
  };
}
const says = (...exceptions: Json[]): Json => ({
  errors: exceptions.map((exceptionName) => ({ context: null, message: "no", exceptionName })),
});
const no = (name: string) => says(`com.atlassian.bitbucket.${name}`);
const read = (kind: Address["kind"], given: HttpAnswer, url = `${api}/PRJ`) =>
  readWhereabouts(places[kind], given, url, () => error);

test.each(["project", "repository", "pull-request"] as const)(
  "a %s that shows the address that was asked for is here, and since when",
  (kind) => {
    const date = { date: "Wed, 01 May 2024 10:00:00 GMT" };
    const at = Date.parse("2024-05-01T10:00:00Z");
    expect(read(kind, answer(200, objects[kind], date))).toEqual({ is: "here", object: objects[kind], at });
    for (const headers of [{}, { date: "yesterday" }] as Record<string, string>[]) {
      expect(read(kind, answer(200, objects[kind], headers))).toMatchObject({ is: "here", at: undefined });
    }
  },
);

test("dates of a newer Bitbucket come as those of an older one", () => {
  const dated = pullRequest(7, { createdDate: "2024-05-01T10:00:00Z" });
  expect(read("pull-request", answer(200, dated))).toMatchObject({
    is: "here",
    object: { createdDate: Date.parse("2024-05-01T10:00:00Z") },
  });
});

test("an object that shows another address is there", () => {
  expect(read("repository", answer(200, repository("PRJ", "core")))).toEqual({
    is: "elsewhere",
    address: core,
  });
});

test.each<[string, HttpAnswer]>([
  ["an object without an address", answer(200, { name: "app" })],
  ["a refusal that carries an object", answer(403, objects.repository)],
  ["an object with a status of failure", answer(400, objects.repository)],
  ["a 404 of the object itself", answer(404, objects.repository)],
  ["a 404 that names a longer exception", answer(404, no("NoSuchRepositoryExceptions"))],
  ["an exception of absence that is no 404", answer(400, no("repository.NoSuchRepositoryException"))],
])("%s tells nothing", (_, given) => {
  expect(read("repository", given)).toEqual(unknown);
});

const absences = {
  project: no("project.NoSuchProjectException"),
  repository: no("repository.NoSuchRepositoryException"),
  "pull-request": no("pull.NoSuchPullRequestException"),
  user: no("user.NoSuchUserException"),
};
test.each<[Address["kind"], keyof typeof absences, boolean]>([
  ["project", "project", true],
  ["project", "repository", false],
  ["project", "pull-request", false],
  ["project", "user", false],
  ["repository", "project", true],
  ["repository", "repository", true],
  ["repository", "pull-request", false],
  ["repository", "user", false],
  ["pull-request", "project", true],
  ["pull-request", "repository", true],
  ["pull-request", "pull-request", true],
  ["pull-request", "user", false],
])("asked for a %s, a 404 that names a missing %s means that it is gone: %o", (kind, what, gone) => {
  expect(read(kind, answer(404, absences[what]))).toEqual(gone ? { is: "gone", what } : unknown);
});

test.each(["project", "repository", "pull-request", "user"] as const)(
  "the exception for a missing %s counts with its whole name, with or without its package",
  (what) => {
    const part = {
      project: "Project",
      repository: "Repository",
      "pull-request": "PullRequest",
      user: "User",
    };
    const name = `NoSuch${part[what]}Exception`;
    const found = (text: string) =>
      what === "user"
        ? readUserWhereabouts("ann", answer(404, says(text)), () => error)
        : read(what, answer(404, says(text)));
    expect(found(name)).toEqual({ is: "gone", what });
    expect(found(`x.${name}`)).toEqual({ is: "gone", what });
    expect(found(`x${name}`)).toEqual(unknown);
    expect(found(`${name}x`)).toEqual(unknown);
  },
);

test.each(["Repository", "Project"])("a %sMovedException counts with its whole name", (part) => {
  const name = `${part}MovedException`;
  for (const text of [name, `com.x.${name}`]) {
    const given = answer(500, says(text));
    expect(read("repository", given)).toEqual({ is: "elsewhere", address: undefined });
    expect([saysMoved(given), tellsWhereabouts(given)]).toEqual([true, true]);
  }
  for (const text of [`Not${name}`, `${name}s`]) {
    const given = answer(500, says(text));
    expect(read("repository", given)).toEqual(unknown);
    expect([saysMoved(given), tellsWhereabouts(given)]).toEqual([false, false]);
  }
});

test.each<[Address["kind"], number, string, Address | "elsewhere" | "unknown"]>([
  ["repository", 300, `${api}/PRJ/repos/core`, core],
  ["repository", 302, `${host}/projects/PRJ/repos/core/browse`, core],
  ["repository", 307, "/rest/api/latest/projects/PRJ/repos/core", core],
  ["repository", 399, "core", core],
  ["repository", 302, `${api}/NEW`, "elsewhere"],
  ["pull-request", 302, `${api}/NEW`, "elsewhere"],
  ["pull-request", 302, `${api}/PRJ/repos/core`, "elsewhere"],
  ["repository", 302, `${api}/prj/repos/APP`, "unknown"],
  ["repository", 302, `${api}/PRJ`, "unknown"],
  ["repository", 302, `${api}/PRJ/repos/core/pull-requests/7`, "unknown"],
  ["project", 302, `${api}/NEW/repos/core`, "unknown"],
  ["repository", 302, `${host}/login?next=x`, "unknown"],
  ["repository", 302, "https://[", "unknown"],
  ["repository", 400, `${api}/PRJ/repos/core`, "unknown"],
  ["repository", 299, `${api}/PRJ/repos/core`, "unknown"],
])("asked for a %s, a %i to %s is read: %j", (kind, status, location, found) => {
  const given = answer(status, undefined, { location });
  const expected =
    found === "unknown" ? unknown : { is: "elsewhere", address: found === "elsewhere" ? undefined : found };
  expect(read(kind, given, `${api}/PRJ/repos/app`)).toEqual(expected);
});

test("a redirect with or without an object, but without a target, tells nothing", () => {
  expect(read("repository", answer(302))).toEqual(unknown);
  expect(read("repository", answer(302, objects.repository))).toEqual(unknown);
});

test.each([
  [200, false],
  [299, false],
  [300, true],
  [399, true],
  [400, false],
  [403, false],
  [404, true],
  [500, false],
])("a failed answer with status %i says where something is: %o", (status, tells) => {
  expect(tellsWhereabouts(answer(status))).toBe(tells);
});

test("the exceptions of an answer are read whatever else it holds", () => {
  const mixed = answer(404, { errors: [null, 7, {}, { exceptionName: 7 }, { exceptionName: "a.B" }] });
  expect(exceptionNames(mixed)).toEqual(["a.B"]);
  expect(names(mixed, /B$/)).toBe(true);
  expect(names(answer(404, says("x", "y")), /y/)).toBe(true);
  for (const json of [undefined, null, [], "text", { errors: "text" }, { errors: {} }] as Json[]) {
    expect(exceptionNames(answer(404, json))).toEqual([]);
    expect(names(answer(404, json), /./)).toBe(false);
  }
});

test("a user is here, elsewhere, gone, or nobody can tell", () => {
  const readUser = (given: HttpAnswer) => readUserWhereabouts("Ann", given, () => error);
  const date = { date: "Wed, 01 May 2024 10:00:00 GMT" };
  const at = Date.parse("2024-05-01T10:00:00Z");
  expect(readUser(answer(200, { slug: "aNN" }, date))).toEqual({ is: "here", object: { slug: "aNN" }, at });
  expect(readUser(answer(200, { slug: "bob" }))).toEqual({ is: "elsewhere", address: undefined });
  expect(readUser(answer(404, absences.user))).toEqual({ is: "gone", what: "user" });
  for (const given of [
    answer(404, absences.project),
    answer(404, { slug: "ann" }),
    answer(403, absences.user),
    answer(403, { slug: "ann" }),
    answer(300, { slug: "ann" }),
    answer(200, { name: "ann" }),
    answer(200, absences.user),
    answer(200),
  ]) {
    expect(readUser(given)).toEqual(unknown);
  }
});
