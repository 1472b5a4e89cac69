import { afterEach, expect, test } from "vitest";
import type { Call, Fault } from "../../infra/local/simulators/http.ts";
import { type LiveHarness, startLive } from "../support/live.ts";
import { event, pullRequest, repository, start, user } from "../support/payloads.ts";

let live: LiveHarness | undefined;
afterEach(async () => live?.close());

const done = { type: "done" };
const isBulk = (call: Call) => call.path.endsWith("/entities/bulk");
const opened = (id: number, overrides = {}) =>
  event("pr:opened", { pullRequest: pullRequest(id, overrides) });

/** Injects the faults one after the other into the calls that match, then lets everything pass. */
function faults(matches: (call: Call) => boolean, ...list: Fault[]) {
  return (call: Call) => (matches(call) ? list.shift() : undefined);
}

test("a 502 and a reset are tried again at once", async () => {
  live = await startLive();
  live.simulator.setIntercept(faults(isBulk, { status: 502, body: "<html>bad gateway</html>" }, "reset"));
  expect((await live.sync([opened(1)])).outcomes).toEqual([done]);
  expect(live.simulator.entities("bitbucketPullrequest")).toHaveLength(1);
});

test("an answer that got lost after the write doubles nothing", async () => {
  live = await startLive();
  live.simulator.setIntercept(faults(isBulk, "apply-then-reset", "apply-then-reset"));
  expect((await live.sync([opened(1)])).outcomes).toEqual([done]);
  expect(live.simulator.entities("bitbucketPullrequest")).toHaveLength(1);
  expect(live.simulator.entities("bitbucketUser")).toHaveLength(3);
});

test("an expired token is fetched anew, without the event noticing", async () => {
  live = await startLive();
  await live.sync([opened(1)]);
  live.simulator.expireTokens();
  expect((await live.sync([opened(2)])).outcomes).toEqual([done]);
});

test("a long Retry-After is left to the queue, with the time that Port asked for", async () => {
  live = await startLive();
  live.simulator.setIntercept((call) =>
    isBulk(call)
      ? { status: 429, headers: { "retry-after": "120" }, body: { ok: false, error: "rate_limit" } }
      : undefined,
  );
  const { outcomes } = await live.sync([opened(1), opened(2)]);
  expect(outcomes).toEqual([
    { type: "retry", reason: "429 rate_limit", retryAfterMs: 120_000 },
    { type: "retry", reason: "429 rate_limit", retryAfterMs: 120_000 },
  ]);
});

test("a used-up rate limit closes the door until its reset, without asking Port again", async () => {
  live = await startLive({ rateLimit: { requests: 3, windowSeconds: 300, resetAs: "epoch" } });
  const { outcomes } = await live.sync([opened(1)]);
  expect(outcomes[0]).toMatchObject({ type: "retry" });
  const [first] = outcomes;
  expect(first?.type === "retry" && (first.retryAfterMs ?? 0) > 1_000).toBe(true);
  live.takeCalls();
  await live.sync([opened(2)]);
  expect(live.takeCalls()).toEqual([]);
});

test("while Port is away every message goes back to its queue", async () => {
  live = await startLive();
  await live.simulator.close();
  const { outcomes } = await live.sync([opened(1), opened(2)]);
  expect(outcomes.map((it) => it.type)).toEqual(["retry", "retry"]);
});

for (const schemaErrors of ["per-entity", "whole-call"] as const) {
  test(`one poisoned entity among twenty costs only itself (refused ${schemaErrors})`, async () => {
    live = await startLive({ schemaErrors });
    const batch = Array.from({ length: 20 }, (_, index) =>
      opened(index + 1, index === 7 ? { state: "HALF_MERGED" } : {}),
    );
    const { outcomes } = await live.sync(batch);
    expect(outcomes[7]).toMatchObject({ type: "dead", status: 422 });
    expect(outcomes.filter((it) => it.type === "done")).toHaveLength(19);
    expect(live.simulator.entities("bitbucketPullrequest")).toHaveLength(19);
  });
}

test("when the newest state is refused, the one before it is written", async () => {
  live = await startLive();
  const { outcomes } = await live.sync([
    opened(1),
    event("pr:modified", { pullRequest: pullRequest(1, { title: "Good", updatedDate: start + 1 }) }),
    event("pr:modified", { pullRequest: pullRequest(1, { state: "NONSENSE", updatedDate: start + 2 }) }),
  ]);
  expect(outcomes.map((it) => it.type)).toEqual(["done", "done", "dead"]);
  expect(live.simulator.entity("bitbucketPullrequest", "PRJ/app/1")?.title).toBe("Good");
});

test("when what the newest state relates to fails for now, the state before it is written", async () => {
  live = await startLive();
  await live.sync([opened(1)]);
  const names = (call: Call, id: string) => isBulk(call) && JSON.stringify(call.body).includes(`"${id}"`);
  live.simulator.setIntercept((call) =>
    names(call, "dan@example.org") ? { status: 503, headers: { "retry-after": "60" }, body: "" } : undefined,
  );
  const participants = [{ user: user("dan"), role: "PARTICIPANT", approved: false, status: "UNAPPROVED" }];
  const { outcomes } = await live.sync([
    event("pr:modified", { pullRequest: pullRequest(1, { title: "Before", updatedDate: start + 1 }) }),
    event("pr:modified", {
      pullRequest: pullRequest(1, { title: "Newest", updatedDate: start + 2, participants }),
    }),
  ]);
  expect(outcomes).toMatchObject([{ type: "done" }, { type: "retry", retryAfterMs: 60_000 }]);
  expect(live.simulator.entity("bitbucketPullrequest", "PRJ/app/1")?.title).toBe("Before");
});

test("an author whose identifier is longer than Port takes costs no event", async () => {
  live = await startLive();
  const long = user("ann");
  const { outcomes } = await live.sync([
    opened(1, { author: { user: { ...long, emailAddress: `${"x".repeat(1_001)}@example.org` } } }),
    opened(2),
  ]);
  expect(outcomes).toEqual([done, done]);
  expect(live.simulator.entities("bitbucketUser").map(({ identifier }) => identifier)).toEqual([
    "bob@example.org",
    "cid@example.org",
    "ann@example.org",
  ]);
});

test("a mapping that gives no identifier dead-letters the event", async () => {
  live = await startLive();
  const { mapper } = live.context;
  const blind = {
    ...mapper,
    map: (kind: string, objects: readonly never[]) =>
      mapper
        .map(kind, objects)
        .map((it) => (kind === "pull-request" ? { ...it, entities: [], unidentified: "empty" } : it)),
  } as typeof mapper;
  await live.close();
  live = await startLive({ context: { mapper: blind } });
  expect((await live.sync([opened(1)])).outcomes[0]).toEqual({
    type: "dead",
    reason: "the mapping gives no identifier",
  });
});

test("what was thought to be there but is gone from Port is made again, filled in", async () => {
  live = await startLive();
  await live.sync([opened(1)]);
  live.simulator.remove("bitbucketPullrequest", "PRJ/app/1");
  live.simulator.remove("bitbucketRepository", "PRJ/app");
  live.simulator.remove("bitbucketUser", "cid@example.org");
  expect((await live.sync([opened(2)])).outcomes).toEqual([done]);
  expect(live.simulator.entity("bitbucketRepository", "PRJ/app")?.properties["state"]).toBe("AVAILABLE");
  expect(live.simulator.entity("bitbucketUser", "cid@example.org")?.properties["username"]).toBe("cid");
});

test("blueprints that are not there yet dead-letter nothing", async () => {
  live = await startLive({ blueprints: [] });
  const { outcomes } = await live.sync([opened(1)]);
  expect(outcomes[0]).toMatchObject({ type: "retry" });
});

test("refused credentials dead-letter nothing, and are not tried in a loop", async () => {
  live = await startLive({ clientSecret: "another" });
  const { outcomes } = await live.sync([opened(1)]);
  expect(outcomes[0]).toMatchObject({ type: "retry", reason: expect.stringContaining("401") });
  expect(live.simulator.calls).toHaveLength(1);
});

test("events of many repositories go through in bulk", async () => {
  live = await startLive();
  const batch = Array.from({ length: 45 }, (_, index) =>
    event("pr:opened", { pullRequest: pullRequest(1, {}, repository("PRJ", `repo-${index}`)) }),
  );
  await live.sync(batch);
  expect(live.simulator.entities("bitbucketPullrequest")).toHaveLength(45);
  expect(live.takeCalls()).toHaveLength(4 + 1 + 1 + 3 + 3);
});
