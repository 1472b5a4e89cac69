import { afterEach, beforeEach, expect, test } from "vitest";
import { bareObject } from "../../lib/bitbucket/objects.ts";
import { findBeneath, samples } from "../../lib/sync/beneath.ts";
import { mapOne } from "../../lib/sync/map.ts";
import { type LiveHarness, startLive } from "../support/live.ts";
import { event, project, pullRequest, repository, start } from "../support/payloads.ts";

// What relates to something that is gone goes with it only when it lies beneath it, in the same Bitbucket.

let live: LiveHarness;
beforeEach(async () => {
  live = await startLive();
  await live.sync([event("pr:opened", { pullRequest: pullRequest(1) })]);
});
afterEach(() => live.close());

const host = "https://bitbucket.example.org";
const linkOf = (path: string, base = host) => `${base}/projects/${path}`;
const renamed = event(
  "repo:modified",
  { old: repository("PRJ", "app"), new: repository("PRJ", "core") },
  start + 60_000,
);
const ids = (blueprint: string) => live.simulator.entities(blueprint).map(({ identifier }) => identifier);

test("a pull request beneath the old address goes, however its link is written", async () => {
  live.simulator.put("bitbucketPullrequest", {
    identifier: "by-hand",
    properties: { link: linkOf("prj/repos/APP/pull-requests/9/overview") },
    relations: { repository: "PRJ/app" },
  });
  await live.sync([renamed]);
  expect(ids("bitbucketPullrequest")).toEqual([]);
});

test.each([
  ["another Bitbucket", linkOf("PRJ/repos/app/pull-requests/9", "https://other.example.org")],
  ["another context path", linkOf("PRJ/repos/app/pull-requests/9", `${host}/bitbucket`)],
  ["another repository", linkOf("PRJ/repos/application/pull-requests/9")],
  ["another project", linkOf("OTHER/repos/app/pull-requests/9")],
  ["the repository itself", linkOf("PRJ/repos/app")],
  ["a page of something else", "https://wiki.example.org/projects"],
  ["nothing", undefined],
])("a pull request that relates to the repository and points at %s stays", async (_, link) => {
  live.simulator.put("bitbucketPullrequest", {
    identifier: "by-hand",
    properties: link === undefined ? {} : { link },
    relations: { repository: "PRJ/app" },
  });
  expect((await live.sync([renamed])).outcomes).toMatchObject([{ type: "done" }]);
  expect(ids("bitbucketPullrequest")).toEqual(["by-hand"]);
});

test("a pull request that relates to it by another relation than the mapping's stays", async () => {
  const blueprint = live.simulator
    .blueprints()
    .find(({ identifier }) => identifier === "bitbucketPullrequest");
  if (blueprint === undefined) throw new Error("no blueprint");
  const forkedFrom = { target: "bitbucketRepository", required: false, many: false };
  live.simulator.setBlueprint({ ...blueprint, relations: { ...blueprint.relations, forkedFrom } });
  live.simulator.put("bitbucketPullrequest", {
    identifier: "by-hand",
    properties: { link: linkOf("PRJ/repos/app/pull-requests/9") },
    relations: { forkedFrom: "PRJ/app" },
  });
  await live.sync([renamed]);
  expect(ids("bitbucketPullrequest")).toEqual(["by-hand"]);
});

test("what lies beneath a project goes with it at any depth, and what relates to it but points elsewhere stays", async () => {
  await live.sync([event("pr:opened", { pullRequest: pullRequest(1, {}, repository("KEEP", "app")) })]);
  live.simulator.put("bitbucketRepository", {
    identifier: "by-hand",
    properties: { link: linkOf("PRJ/repos/app", "https://other.example.org") },
    relations: { project: "PRJ" },
  });
  live.simulator.put("bitbucketPullrequest", {
    identifier: "PR-by-hand",
    properties: { link: linkOf("KEEP/repos/app/pull-requests/3") },
    relations: { repository: "PRJ/app" },
  });
  const own = mapOne("project", bareObject(samples.project), live.context);
  const removals = own.map(({ blueprint, roles }) => ({
    kind: "project" as const,
    blueprint,
    identifier: "PRJ",
    roles,
    address: { kind: "project" as const, key: "PRJ" },
    base: host,
    witness: { kind: "project" as const, key: "PRJ" },
    linked: true,
  }));
  const { removals: found, left } = await findBeneath(removals, live.context);
  const roles = { link: "link", created: "created_on" };
  expect(found).toMatchObject([
    {
      kind: "pull-request",
      identifier: "PRJ/app/1",
      address: { kind: "pull-request", key: "PRJ", slug: "app", id: 1 },
      base: host,
      witness: { kind: "project", key: "PRJ" },
      linked: true,
      roles,
    },
    {
      kind: "repository",
      identifier: "PRJ/app",
      address: { kind: "repository", key: "PRJ", slug: "app" },
      base: host,
      witness: { kind: "project", key: "PRJ" },
      linked: true,
    },
  ]);
  expect(left.map(({ identifier }) => identifier).toSorted()).toEqual(["PR-by-hand", "by-hand"]);

  await live.sync([event("project:modified", { old: project("PRJ"), new: project("NEW") }, start + 60_000)]);
  // Port keeps what others depend on.
  expect(ids("bitbucketRepository").toSorted()).toEqual(["KEEP/app", "PRJ/app", "by-hand"]);
  expect(ids("bitbucketPullrequest").toSorted()).toEqual(["KEEP/app/1", "PR-by-hand"]);
});
