import { afterEach, expect, test } from "vitest";
import { createBitbucketClient } from "../../lib/bitbucket/client.ts";
import type { Json, JsonObject } from "../../lib/json.ts";
import type { Mapped } from "../../lib/mapping/mapped.ts";
import { createMapper, type Mapper } from "../../lib/mapping/mapper.ts";
import { parseMapping } from "../../lib/mapping/schema.ts";
import { type LiveHarness, startLive } from "../support/live.ts";
import { startLoopback } from "../support/loopback.ts";
import { resource } from "../support/mapping.ts";
import { event, pullRequest, repository, user } from "../support/payloads.ts";

let live: LiveHarness;
afterEach(() => live.close());

const done = { type: "done" };
const opened = (id: number, overrides: JsonObject = {}, repo?: JsonObject) =>
  event("pr:opened", { pullRequest: pullRequest(id, overrides, repo) });
const deep = (levels: number): Json => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`);
const titles = () =>
  Object.fromEntries(
    live.simulator.entities("bitbucketPullrequest").map(({ identifier, title }) => [identifier, title]),
  );

test("half a surrogate pair anywhere costs no event of the batch", async () => {
  live = await startLive();
  const ann = { ...user("ann"), displayName: "Ann \ud83d" };
  const { outcomes } = await live.sync([
    opened(1, { title: "Half \ud83d" }),
    opened(2, { description: "\udc00", author: { user: ann } }),
    opened(3, {}, repository("PRJ", "app", { description: "\ud83d" })),
    opened(4),
  ]);
  expect(outcomes).toEqual([done, done, done, done]);
  expect(Object.keys(titles())).toHaveLength(4);
  expect(titles()["PRJ/app/1"]).toBe("Half \ufffd");
});

test.each([201, 1_000, 11_000])("an object of %i levels costs its own event only", async (levels) => {
  live = await startLive();
  const { outcomes } = await live.sync([opened(1), opened(2, { extra: deep(levels) }), opened(3)]);
  const dead = { type: "dead", reason: "the mapping fails: it is more than 200 levels deep" };
  expect(outcomes).toEqual([done, dead, done]);
  expect(Object.keys(titles())).toEqual(["PRJ/app/1", "PRJ/app/3"]);
});

/** The default mapping, which fails so for objects of a kind. */
async function failing(kind: string, fault: Mapped["fault"], overrides = {}): Promise<void> {
  const first = await startLive();
  const { mapper } = first.context;
  await first.close();
  const map: Mapper["map"] = (of, objects) =>
    mapper
      .map(of, objects)
      .map((it) => (of === kind && fault !== undefined ? { ...it, entities: [], fault } : it));
  live = await startLive({ context: { mapper: { ...mapper, map }, ...overrides } });
}

test.each(["user", "project", "repository", "pull-request"])(
  "while jq is not back nothing is written for want of a %s, and the event comes again",
  async (kind) => {
    await failing(kind, { permanent: false, reason: "jq is away" });
    const retry = { type: "retry", reason: "the mapping fails: jq is away" };
    expect((await live.sync([opened(1)])).outcomes).toEqual([retry]);
    expect(titles()).toEqual({});
  },
);

test.each(["user", "project", "repository"])(
  "a %s that cannot be mapped does not cost who names it",
  async (kind) => {
    await failing(kind, { permanent: true, reason: "odd" });
    expect((await live.sync([opened(1)])).outcomes).toEqual([done]);
    expect(titles()).toEqual({ "PRJ/app/1": "Change 1" });
  },
);

test("a deletion waits while jq is not back, instead of being taken for done", async () => {
  await failing("pull-request", { permanent: false, reason: "jq is away" });
  const deleted = event("pr:deleted", { pullRequest: pullRequest(1) });
  expect((await live.sync([deleted])).outcomes[0]?.type).toBe("retry");
});

test("a late event whose object cannot be mapped as it is now is told apart from its neighbours", async () => {
  const bitbucket = await startLoopback(() => ({
    body: `{"key":"PRJ","extra":${"[".repeat(300)}${"]".repeat(300)}}`,
  }));
  const config = { host: bitbucket.url, authorization: "Bearer t", concurrency: 8 };
  live = await startLive({ context: { bitbucket: createBitbucketClient(config, { maxWaitMs: 0 }) } });
  const modified = event("project:modified", { old: { key: "PRJ" }, new: { key: "PRJ", name: "n" } });
  const { outcomes } = await live.sync([modified], 0);
  expect(outcomes).toMatchObject([{ type: "dead", reason: expect.stringContaining("levels deep") }]);
  await bitbucket.close();
});

test("an identifier that is longer than Port takes costs its own event only", async () => {
  const mappings = { identifier: ".title", blueprint: '"bitbucketPullrequest"' };
  const parts = { ...mappings, relations: { repository: ".description" } };
  const text = JSON.stringify({ resources: [resource(parts, "pull-request")] });
  const mapper = await createMapper(parseMapping(text, "own"), "own");
  live = await startLive({ context: { mapper } });
  const { outcomes } = await live.sync([
    opened(1, { title: "a", description: "" }),
    opened(2, { title: "x".repeat(1_001), description: "" }),
    opened(3, { title: "x".repeat(1_000), description: "y".repeat(1_001) }),
  ]);
  const dead = { type: "dead", reason: "the mapping fails: an identifier has more than 1000 characters" };
  expect(outcomes).toEqual([done, dead, done]);
  expect(Object.keys(titles()).map((it) => it.length)).toEqual([1, 1_000]);
});
