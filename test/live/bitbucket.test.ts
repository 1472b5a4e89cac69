import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type BitbucketSimulator,
  bitbucketDemoToken,
  demoData,
  startBitbucketSimulator,
} from "../../infra/local/simulators/bitbucket/server.ts";
import { createBitbucketClient } from "../../lib/bitbucket/client.ts";
import type { JsonObject } from "../../lib/json.ts";
import { readMessage } from "../../lib/live/consume.ts";
import { syncEvents } from "../../lib/live/sync-events.ts";
import { liveMessage } from "../../lib/queue/live-message.ts";
import { createMemory } from "../../lib/sync/memory.ts";
import { type LiveHarness, startLive, understood } from "../support/live.ts";

let bitbucket: BitbucketSimulator;
let live: LiveHarness;
beforeEach(async () => {
  bitbucket = await startBitbucketSimulator({ data: demoData(), contextPath: "/bitbucket" });
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

const [key, slug] = ["MOPP", "data-analyses"];
const yesterday = () => Date.now() - 86_400_000;
const payload = (value: unknown) => value as JsonObject;
const bitbucketCalls = () =>
  bitbucket.calls.splice(0).map((call) => call.path.replace("/bitbucket/rest/api/1.0/projects", ""));

/** The event as it comes out of the queue when it is too large to be carried whole. */
function asReference(value: JsonObject) {
  const long = { ...value, padding: "x".repeat(1_100_000) };
  const read = readMessage(liveMessage(understood(long), JSON.stringify(long), "d", Date.now()).body, 1);
  if (!("event" in read)) throw new Error("not an event");
  return read;
}

test("an event that was too large for the queue is read back from Bitbucket", async () => {
  const edited = payload(bitbucket.updatePullRequest([key, slug, 1], { title: "Edited" }));
  const { outcomes } = await syncEvents([asReference(edited)], live.context);
  expect(outcomes).toEqual([{ type: "done" }]);
  expect(bitbucketCalls()).toEqual([`/${key}/repos/${slug}/pull-requests/1`]);
  expect(live.simulator.entity("bitbucketPullrequest", `${key}/${slug}/1`)?.title).toBe("Edited");
});

test("without Bitbucket such an event is dead-lettered, saying what is missing", async () => {
  const edited = payload(bitbucket.updatePullRequest([key, slug, 1], { title: "Edited" }));
  const { outcomes } = await syncEvents([asReference(edited)], { ...live.context, bitbucket: undefined });
  expect(outcomes).toEqual([{ type: "dead", reason: "needs_bitbucket" }]);
});

test("while Bitbucket is away such an event waits in the queue", async () => {
  const edited = payload(bitbucket.updatePullRequest([key, slug, 1], { title: "Edited" }));
  bitbucket.setIntercept(() => ({ status: 503 }));
  const { outcomes } = await syncEvents([asReference(edited)], live.context);
  expect(outcomes).toMatchObject([{ type: "retry", reason: expect.stringContaining("bitbucket 503") }]);
});

test("a deletion that was too large for the queue still deletes", async () => {
  await live.sync([payload(bitbucket.updatePullRequest([key, slug, 1], { title: "Edited" }))]);
  const deleted = payload(bitbucket.deletePullRequest([key, slug, 1]));
  const { counts } = await syncEvents([asReference(deleted)], live.context);
  expect(counts["pull-request"].deleted).toBe(1);
});

test("a pull request that Port does not have yet costs one look at Bitbucket, its newer states none", async () => {
  const path = `/${key}/repos/${slug}/pull-requests/1`;
  await live.sync([payload(bitbucket.updatePullRequest([key, slug, 1], { title: "Edited" }))]);
  expect(bitbucketCalls()).toEqual([path]);
  await live.sync([payload(bitbucket.updatePullRequest([key, slug, 1], { title: "Edited again" }))]);
  expect(live.simulator.entity("bitbucketPullrequest", `${key}/${slug}/1`)?.title).toBe("Edited again");
  expect(bitbucketCalls()).toEqual([]);
});

test("a late event does not bring back what Bitbucket says is gone", async () => {
  const edited = payload(bitbucket.updatePullRequest([key, slug, 1], { title: "Edited" }));
  bitbucket.deletePullRequest([key, slug, 1]);
  const { outcomes } = await live.sync([edited], yesterday());
  expect(outcomes).toEqual([{ type: "done" }]);
  expect(live.simulator.entity("bitbucketPullrequest", `${key}/${slug}/1`)).toBeUndefined();
});

test("a late event creates what is there as it is now", async () => {
  const edited = payload(bitbucket.updatePullRequest([key, slug, 1], { title: "Edited" }));
  bitbucket.updatePullRequest([key, slug, 1], { title: "Edited again" });
  await live.sync([edited], yesterday());
  expect(live.simulator.entity("bitbucketPullrequest", `${key}/${slug}/1`)?.title).toBe("Edited again");
});

test("a late change of a repository does not overwrite a newer one", async () => {
  const first = payload(bitbucket.updateRepository(key, slug, { description: "First" }));
  const second = payload(bitbucket.updateRepository(key, slug, { description: "Second" }));
  await live.sync([second]);
  const redriven = [{ deliveryId: "d", acceptedAt: yesterday(), deliveries: 1, event: understood(first) }];
  await syncEvents(redriven, { ...live.context, memory: createMemory() });
  expect(live.simulator.entity("bitbucketRepository", `${key}/${slug}`)?.properties["description"]).toBe(
    "Second",
  );
});

test("late events are taken at their word where Bitbucket does not let us look", async () => {
  bitbucket.comment([key, slug, 1], "dev.elm", "Why?");
  bitbucket.setIntercept(() => ({ status: 403, body: { errors: [] } }));
  await live.sync([payload(bitbucket.updatePullRequest([key, slug, 1], { title: "Edited" }))], yesterday());
  const entity = live.simulator.entity("bitbucketPullrequest", `${key}/${slug}/1`);
  expect(entity?.title).toBe("Edited");
  expect(entity?.relations["participants"]).toContain("dev.elm@example.org");
});

test("late events wait in the queue while Bitbucket is away", async () => {
  bitbucket.setIntercept(() => ({ status: 503, headers: { "retry-after": "30" } }));
  const edited = payload(bitbucket.updatePullRequest([key, slug, 1], { title: "Edited" }));
  const { outcomes } = await live.sync([edited], yesterday());
  expect(outcomes).toMatchObject([{ type: "retry", retryAfterMs: 30_000 }]);
});

test("a push to the default branch refreshes the README and the latest commit", async () => {
  await live.sync([payload(bitbucket.updatePullRequest([key, slug, 1], { title: "Edited" }))]);
  bitbucketCalls();
  live.simulator.put("bitbucketRepository", {
    identifier: `${key}/${slug}`,
    title: "Kept",
    properties: { description: "kept", documentation: "old" },
    relations: {},
  });
  const push = payload(bitbucket.push(key, slug));
  await live.sync([push]);

  expect(bitbucketCalls()).toEqual([`/${key}/repos/${slug}/commits`, `/${key}/repos/${slug}/raw/README.md`]);
  const entity = live.simulator.entity("bitbucketRepository", `${key}/${slug}`);
  expect(entity).toMatchObject({
    title: "Kept",
    properties: { description: "kept", documentation: expect.stringContaining("# data analyses") },
  });
  expect(entity?.relations["latestCommitAuthor"]).toMatch(/@example\.org$/);
  expect(
    live.simulator.entity("bitbucketUser", String(entity?.relations["latestCommitAuthor"]))?.properties[
      "username"
    ],
  ).toBeDefined();
});

test("a push to another branch costs one look at the tip, and no write", async () => {
  await live.sync([payload(bitbucket.updatePullRequest([key, slug, 1], { title: "Edited" }))]);
  bitbucketCalls();
  live.takeCalls();
  const push = payload(bitbucket.push(key, slug));
  await live.sync([
    {
      ...push,
      date: new Date().toISOString(),
      changes: [{ refId: "refs/heads/feature", toHash: "f".repeat(40), type: "ADD" }],
    },
  ]);
  expect(bitbucketCalls()).toEqual([`/${key}/repos/${slug}/commits`]);
  expect(live.takeCalls()).toEqual([]);
});

test("an author whom neither Bitbucket nor Port knows leaves no relation dangling", async () => {
  const push = payload(bitbucket.push(key, slug));
  const stranger = { name: "Somebody", emailAddress: "somebody@example.org" };
  bitbucket.setIntercept(({ path }) => {
    const [change] = push["changes"] as { toHash: string }[];
    const commit = { id: change?.toHash, author: stranger };
    return path.endsWith("/commits")
      ? { status: 200, body: { values: [commit], isLastPage: true } }
      : undefined;
  });
  expect((await live.sync([push])).outcomes).toEqual([{ type: "done" }]);
  const repository = () => live.simulator.entity("bitbucketRepository", `${key}/${slug}`);
  expect(repository()?.relations["latestCommitAuthor"] ?? null).toBeNull();

  live.simulator.put("bitbucketUser", {
    identifier: "somebody@example.org",
    properties: { username: "somebody" },
  });
  await live.sync([push]);
  expect(repository()?.relations["latestCommitAuthor"]).toBe("somebody@example.org");
});

test("a push whose branch we may not read still makes sure of the repository", async () => {
  const push = payload(bitbucket.push(key, slug));
  bitbucket.setIntercept(() => ({ status: 401, body: { errors: [] } }));
  expect((await live.sync([push])).outcomes).toEqual([{ type: "done" }]);
  expect(live.simulator.entity("bitbucketRepository", `${key}/${slug}`)).toBeDefined();
});
