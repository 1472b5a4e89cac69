import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import type { JsonObject } from "../../lib/json.ts";
import type { LiveResult } from "../../lib/live/sync-events.ts";
import { syncEvents } from "../../lib/live/sync-events.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";
import { understood } from "../support/live.ts";
import { event, project, pullRequest, repository, start } from "../support/payloads.ts";

let harness: BackfillHarness;
beforeEach(async () => {
  const sizes = { projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 1, users: 3 };
  harness = await startBackfill({ bitbucket: { data: demoData(sizes) } });
});
afterEach(() => harness.close());

const port = () => harness.live.simulator;

/** Syncs events as one batch, the late ones accepted hours ago. */
function sync(events: readonly { payload: JsonObject; late?: boolean }[], known = true): Promise<LiveResult> {
  const { bitbucket } = harness.context();
  const context = { ...harness.live.context, bitbucket: known ? bitbucket : undefined };
  const accepted = (late = true) => Date.now() - (late ? 7_200_000 : 0);
  return syncEvents(
    events.map(({ payload, late }, index) => ({
      deliveryId: `delivery-${index}`,
      acceptedAt: accepted(late),
      deliveries: 1,
      event: understood(payload),
    })),
    context,
  );
}
const repo = (overrides: JsonObject = {}) => repository("MOPP", "data-analyses", overrides);
const renamed = (overrides: JsonObject = {}) => event("repo:modified", { old: repo(), new: repo(overrides) });

test("a late change of a repository shows what Bitbucket says now", async () => {
  const { outcomes } = await sync([{ payload: renamed({ name: "A name of the past" }) }]);
  expect(outcomes).toEqual([{ type: "done" }]);
  const title = port().entity("bitbucketRepository", "MOPP/data-analyses")?.title;
  expect(title).toBe(harness.bitbucket.data.projects.get("MOPP")?.repositories.get("data-analyses")?.name);
});

test("a late pull request of what is gone is not created", async () => {
  const late = pullRequest(1, {}, repository("GONE", "app"));
  const { outcomes } = await sync([{ payload: event("pr:opened", { pullRequest: late }) }]);
  expect(outcomes).toEqual([{ type: "done" }]);
  for (const blueprint of ["bitbucketPullrequest", "bitbucketRepository", "bitbucketProject"]) {
    expect(port().entities(blueprint)).toEqual([]);
  }
});

test("where Bitbucket does not let us look, late events are taken at their word", async () => {
  harness.bitbucket.setIntercept(() => ({ status: 403, body: { errors: [] } }));
  const { outcomes } = await sync([{ payload: renamed({ name: "As the event says" }) }]);
  expect(outcomes).toEqual([{ type: "done" }]);
  expect(port().entity("bitbucketRepository", "MOPP/data-analyses")?.title).toBe("As the event says");
});

test("an event that is taken at its word brings its people along, filled in", async () => {
  harness.bitbucket.setIntercept(() => ({ status: 403, body: { errors: [] } }));
  await sync([{ payload: event("pr:opened", { pullRequest: pullRequest(1) }) }]);
  const users = port()
    .entities("bitbucketUser")
    .map(({ identifier, properties }) => [identifier, properties["username"]]);
  expect(users.toSorted()).toEqual([
    ["ann@example.org", "ann"],
    ["bob@example.org", "bob"],
    ["cid@example.org", "cid"],
  ]);
});

test("while Bitbucket is away late events come again, those that they overtook too", async () => {
  harness.bitbucket.setIntercept(() => ({ status: 404, body: "<html>a proxy</html>" }));
  const { outcomes } = await sync([
    { payload: event("project:modified", { old: project("MOPP"), new: project("MOPP", { name: "One" }) }) },
    { payload: event("project:modified", { old: project("MOPP"), new: project("MOPP", { name: "Two" }) }) },
  ]);
  expect(outcomes.map(({ type }) => type)).toEqual(["retry", "retry"]);
  expect(port().entities("bitbucketProject")).toEqual([]);
});

test("without a Bitbucket late events are taken at their word", async () => {
  const late = event("pr:opened", { pullRequest: pullRequest(1, { updatedDate: start }) });
  expect((await sync([{ payload: late }], false)).outcomes).toEqual([{ type: "done" }]);
  expect(port().entities("bitbucketPullrequest")).toHaveLength(1);
});

test("an event of now about what Port does not have is asked for, too", async () => {
  const opened = event("pr:opened", { pullRequest: pullRequest(1) }, Date.now());
  await sync([{ payload: opened, late: false }]);
  expect(port().entities("bitbucketPullrequest")).toEqual([]);
});

test("an event of long ago that somebody plays back is shown where Bitbucket never had its project", async () => {
  const opened = event("pr:opened", { pullRequest: pullRequest(1) }, start);
  await sync([{ payload: opened, late: false }]);
  expect(port().entities("bitbucketPullrequest")).toHaveLength(1);
  const gone = event("pr:opened", { pullRequest: pullRequest(1, {}, repository("MOPP", "gone")) }, start);
  await sync([{ payload: gone, late: false }]);
  expect(port().entities("bitbucketPullrequest")).toHaveLength(1);
});

test("a push of what is gone by now shows nothing", async () => {
  const pushed = event("repo:refs_changed", {
    repository: repository("GONE", "app"),
    changes: [{ toHash: "a".repeat(40) }],
  });
  expect((await sync([{ payload: pushed, late: false }])).outcomes).toEqual([{ type: "done" }]);
});
