import { afterEach, expect, test } from "vitest";
import type { Address, Place } from "../../lib/bitbucket/address.ts";
import { createBitbucketClient } from "../../lib/bitbucket/client.ts";
import type { Whereabouts } from "../../lib/bitbucket/whereabouts.ts";
import { type Loopback, type Reply, startLoopback } from "../support/loopback.ts";
import { project, pullRequest, repository } from "../support/payloads.ts";

let server: Loopback;
afterEach(() => server.close());

const inProject: Address = { kind: "project", key: "PRJ" };
const app: Address = { kind: "repository", key: "PRJ", slug: "app" };
const change: Address = { kind: "pull-request", key: "PRJ", slug: "app", id: 7 };
const ann: Place = { kind: "user", slug: "ann" };

async function find(place: Place, reply: Reply | ((host: string) => Reply)): Promise<Whereabouts> {
  server = await startLoopback(() => (typeof reply === "function" ? reply(server.url) : reply));
  const config = { host: server.url, authorization: "Bearer t", concurrency: 1 };
  return createBitbucketClient(config, { maxWaitMs: 0, retries: 0 }).find(place);
}

const error = (status: number, exceptionName?: string): Reply => ({
  status,
  body: { errors: [{ context: null, message: "no", exceptionName: exceptionName ?? null }] },
});
const says = (kind: string) => error(404, `com.atlassian.bitbucket.x.NoSuch${kind}Exception`);
const to = (location: string, status = 302): Reply => ({ status, headers: { location } });
const rest = "/rest/api/1.0/projects";

test.each<[Address, object]>([
  [inProject, project("PRJ")],
  [inProject, project("prj")],
  [app, repository("PRJ", "app")],
  [app, repository("prj", "APP")],
  [change, pullRequest(7)],
])("the object at the address %o is here, whatever its case", async (address, body) => {
  expect(await find(address, { body })).toMatchObject({ is: "here", object: body });
});

test.each<[Address, object, Address]>([
  [inProject, project("NEW"), { kind: "project", key: "NEW" }],
  [app, repository("PRJ", "lib"), { kind: "repository", key: "PRJ", slug: "lib" }],
  [app, repository("NEW", "app"), { kind: "repository", key: "NEW", slug: "app" }],
  [
    change,
    pullRequest(7, {}, repository("PRJ", "lib")),
    { kind: "pull-request", key: "PRJ", slug: "lib", id: 7 },
  ],
])("of %o, another object's address says where it is now", async (address, body, now) => {
  expect(await find(address, { body })).toEqual({ is: "elsewhere", address: now });
});

test.each<[Address, string, Address | undefined]>([
  [inProject, `${rest}/NEW`, { kind: "project", key: "NEW" }],
  [app, `${rest}/PRJ/repos/lib`, { kind: "repository", key: "PRJ", slug: "lib" }],
  [app, "/projects/PRJ/repos/lib/browse", { kind: "repository", key: "PRJ", slug: "lib" }],
  [app, "/users/ann/repos/app/browse", { kind: "repository", key: "~ann", slug: "app" }],
  [app, "/projects/NEW", undefined],
  [change, `${rest}/NEW/repos/lib/pull-requests/7`, { kind: "pull-request", key: "NEW", slug: "lib", id: 7 }],
  [change, "/projects/NEW/repos/app/browse", undefined],
])("of %o, a redirect to %s says that it is elsewhere", async (address, location, now) => {
  for (const status of [301, 302, 307, 308]) {
    expect(await find(address, to(location, status))).toEqual({ is: "elsewhere", address: now });
    expect(server.received).toHaveLength(1);
    await server.close();
  }
  expect(await find(address, (host) => to(`${host}${location}`))).toMatchObject({ is: "elsewhere" });
});

test.each<[Address, string]>([
  [app, "repository.RepositoryMovedException"],
  [app, "project.ProjectMovedException"],
  [change, "repository.RepositoryMovedException"],
  [inProject, "project.ProjectMovedException"],
])("of %o, a %s says at once that it is elsewhere, whatever its status", async (address, name) => {
  for (const status of [500, 409, 404]) {
    expect(await find(address, error(status, `com.atlassian.bitbucket.${name}`))).toEqual({
      is: "elsewhere",
      address: undefined,
    });
    expect(server.received).toHaveLength(1);
    await server.close();
  }
  await find(address, {});
});

test.each<[Place, string, string]>([
  [inProject, "Project", "project"],
  [app, "Repository", "repository"],
  [app, "Project", "project"],
  [change, "PullRequest", "pull-request"],
  [change, "Repository", "repository"],
  [change, "Project", "project"],
  [ann, "User", "user"],
])("%o is gone when Bitbucket knows no such %s", async (place, kind, what) => {
  expect(await find(place, says(kind))).toEqual({ is: "gone", what });
});

/** Answers that are nobody's word on an object. */
const unclear: readonly (readonly [what: string, place: Place, reply: Reply])[] = [
  ["a 404 without a name", app, error(404)],
  ["a framework's 404", app, { status: 404, body: { "status-code": 404, message: "null for uri" } }],
  ["a proxy's 404", change, { status: 404, body: "<html>not found</html>" }],
  ["an empty 404", inProject, { status: 404, body: "" }],
  ["another kind's 404", inProject, says("Repository")],
  ["a branch's 404", app, says("Branch")],
  ["a 404 of a class that merely ends alike", app, error(404, "org.example.NotNoSuchRepositoryException")],
  ["a log-in page", app, to("/login?next=/projects/PRJ/repos/app")],
  ["a redirect to itself", app, to("/projects/PRJ/repos/app/browse")],
  ["a redirect to what it lies in", app, to("/projects/PRJ")],
  ["a redirect of a project to a repository", inProject, to("/projects/NEW/repos/app/browse")],
  ["a redirect to nowhere", app, { status: 302 }],
  ["a redirect to another page", app, to("https://sso.example.org/saml")],
  ["a page instead of JSON", app, { body: "<html>one moment</html>" }],
  ["an object that does not say whose it is", app, { body: { name: "app" } }],
  ["a list", app, { body: [] }],
  ["401", app, error(401, "com.atlassian.bitbucket.AuthorisationException")],
  ["403", app, error(403)],
  ["409", app, error(409)],
  ["500", app, error(500, "com.atlassian.bitbucket.scm.CommandFailedException")],
  ["503", app, { status: 503, body: "" }],
  ["a user's 404 without a name", ann, { status: 404, body: "<html></html>" }],
  ["a user without a slug", ann, { body: { name: "ann" } }],
];

test.each(unclear)("after %s nobody can tell", async (_, place, reply) => {
  expect((await find(place, reply)).is).toBe("unknown");
});

test("a user is here by slug, in either case, and elsewhere under another", async () => {
  expect(await find(ann, { body: { name: "Ann", slug: "ANN" } })).toMatchObject({ is: "here" });
  await server.close();
  expect(await find(ann, { body: { name: "bob", slug: "bob" } })).toMatchObject({ is: "elsewhere" });
});
