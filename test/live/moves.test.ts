import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type BitbucketSimulator,
  bitbucketDemoToken,
  demoData,
  startBitbucketSimulator,
} from "../../infra/local/simulators/bitbucket/server.ts";
import { createBitbucketClient } from "../../lib/bitbucket/client.ts";
import type { JsonObject } from "../../lib/json.ts";
import { syncEvents } from "../../lib/live/sync-events.ts";
import { createMemory } from "../../lib/sync/memory.ts";
import { type LiveHarness, startLive, understood } from "../support/live.ts";

let bitbucket: BitbucketSimulator;
let live: LiveHarness;
beforeEach(async () => {
  bitbucket = await startBitbucketSimulator({ data: demoData() });
  const authorization = `Bearer ${bitbucketDemoToken}`;
  const client = createBitbucketClient(
    { host: bitbucket.url, authorization, concurrency: 8 },
    { maxWaitMs: 100 },
  );
  live = await startLive({ context: { bitbucket: client } });
});
afterEach(async () => {
  await Promise.all([live.close(), bitbucket.close()]);
});

const payload = (value: unknown) => value as JsonObject;
const repositories = () => live.simulator.entities("bitbucketRepository").map((it) => it.identifier);
/** As another container would, which remembers nothing. */
const elsewhere = (...payloads: JsonObject[]) =>
  syncEvents(
    payloads.map((it) => ({ deliveryId: "d", acceptedAt: Date.now(), deliveries: 1, event: understood(it) })),
    { ...live.context, memory: createMemory() },
  );

test("a rename that was taken back deletes nothing, whichever container hears of it last", async () => {
  await live.sync([payload(bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], { title: "Kept" }))]);
  const there = payload(bitbucket.renameRepository("MOPP", "data-analyses", "analyses"));
  const back = payload(bitbucket.renameRepository("MOPP", "analyses", "data-analyses"));
  await elsewhere(back);
  await elsewhere(there);
  expect(repositories()).toContain("MOPP/data-analyses");
  expect(live.simulator.entity("bitbucketPullrequest", "MOPP/data-analyses/1")?.title).toBe("Kept");
});

test("a new repository under the old name survives the late news of the rename", async () => {
  const renamed = payload(bitbucket.renameRepository("MOPP", "data-analyses", "analyses"));
  bitbucket.createRepository("MOPP", { name: "data analyses" });
  await live.sync([
    payload(bitbucket.updateRepository("MOPP", "data-analyses", { description: "A new one" })),
  ]);
  await elsewhere(renamed);
  expect(repositories().toSorted()).toEqual(["MOPP/analyses", "MOPP/data-analyses"]);
});

test("where an old address answers with the renamed repository, the old entity goes", async () => {
  await live.sync([payload(bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], { title: "Moved" }))]);
  const renamed = payload(bitbucket.renameRepository("MOPP", "data-analyses", "analyses"));
  bitbucket.setIntercept(({ path }) =>
    path.endsWith("/repos/data-analyses")
      ? { status: 200, body: { slug: "analyses", project: { key: "MOPP" } } }
      : undefined,
  );
  await live.sync([renamed]);
  expect(repositories()).toEqual(["MOPP/analyses"]);
});

test("where Bitbucket does not let us look, nothing is deleted", async () => {
  await live.sync([payload(bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], { title: "Kept" }))]);
  const renamed = payload(bitbucket.renameRepository("MOPP", "data-analyses", "analyses"));
  bitbucket.setIntercept(() => ({ status: 403, body: { errors: [] } }));
  expect((await live.sync([renamed])).outcomes).toEqual([{ type: "done" }]);
  expect(repositories()).toContain("MOPP/data-analyses");
  expect(live.backfills).toEqual([{ project: "MOPP", repository: "analyses", state: "ALL" }]);
});

test("a renamed repository is read anew, with the pull requests that are closed", async () => {
  await live.sync([payload(bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], { title: "x" }))]);
  await live.sync([payload(bitbucket.renameRepository("MOPP", "data-analyses", "analyses"))]);
  expect(repositories()).toEqual(["MOPP/analyses"]);
  expect(live.simulator.entities("bitbucketPullrequest")).toEqual([]);
  expect(live.backfills).toEqual([{ project: "MOPP", repository: "analyses", state: "ALL" }]);
});

test("a README of any size is read no further than its first megabyte, and shown without control characters", async () => {
  await live.sync([payload(bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], { title: "x" }))]);
  bitbucket.setIntercept(({ path }) =>
    path.endsWith("/raw/README.md")
      ? { status: 200, body: `# Big\u0001\n${"\u0001😀".repeat(1_000_000)}` }
      : undefined,
  );
  const { outcomes } = await live.sync([payload(bitbucket.push("MOPP", "data-analyses"))]);
  expect(outcomes).toEqual([{ type: "done" }]);
  const shown = String(
    live.simulator.entity("bitbucketRepository", "MOPP/data-analyses")?.properties["documentation"],
  );
  expect(shown.startsWith("# Big\n😀")).toBe(true);
  expect(shown.length).toBeLessThanOrEqual(250_000);
  expect(shown.isWellFormed()).toBe(true);
});
