import { expect, test } from "vitest";
import type { Address } from "../../lib/bitbucket/address.ts";
import { objectAddress } from "../../lib/bitbucket/objects.ts";
import { notBitbucket } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import type { Candidate, Version } from "../../lib/sync/candidate.ts";
import { groupByEntity } from "../../lib/sync/candidate-group.ts";
import { confirm } from "../../lib/sync/confirm.ts";
import { mapSources } from "../../lib/sync/map-sources.ts";
import { observeObject, observeRepository, type SourceObject } from "../../lib/sync/observe.ts";
import { createOutcomeCollector } from "../../lib/sync/outcomes.ts";
import { readForPlan } from "../../lib/sync/plan-input.ts";
import { answeredAt, unknown } from "../support/memory-clients.ts";
import { entityOf, mapped, memoryMapper, memorySync } from "../support/memory-sync.ts";
import { collectLines } from "../support/output.ts";
import { project, pullRequest, repository, start, user } from "../support/payloads.ts";

const pull = "pull-request:prj/app/7";
const lines = collectLines();

type Sync = ReturnType<typeof memorySync>;

/** An event about an object, with what it relates to. */
function heard(kind: Address["kind"], object: JsonObject, version: Partial<Version> = {}): SourceObject[] {
  const address = objectAddress(kind, object);
  if (address === undefined) throw new Error("no address");
  return observeObject(address, object, { order: 0, proof: "event", ...version });
}

async function confirmed(
  { context }: Sync,
  sources: readonly SourceObject[],
  change: (candidates: Candidate[]) => Candidate[] = (candidates) => candidates,
) {
  const collector = createOutcomeCollector();
  const groups = groupByEntity(change(await mapSources(sources, collector, context)));
  const input = await confirm(await readForPlan(groups, context), collector, context);
  const byId = (identifier: string) => input.groups.find(({ best }) => best.entity.identifier === identifier);
  return { input, collector, best: (identifier: string) => byId(identifier)?.best, byId };
}

/** A Bitbucket with a pull request, its repository and its project; Port has nothing of them. */
function withPullRequest(overrides: JsonObject = {}): Sync {
  const sync = memorySync();
  sync.bitbucket.put("project", project("PRJ"));
  sync.bitbucket.put("repository", repository("PRJ", "app"));
  sync.bitbucket.put("pull-request", pullRequest(7, overrides));
  return sync;
}

test("what is there is shown as Bitbucket shows it now, with all that it relates to", async () => {
  const sync = withPullRequest({ title: "Now", participants: [{ user: user("dora") }] });
  const { best } = await confirmed(sync, heard("pull-request", pullRequest(7), { order: 3 }));
  expect(best("PRJ/app/7")).toMatchObject({
    entity: { title: "Now", relations: { participants: ["dora@example.org"] } },
    version: { proof: "asked", at: answeredAt, order: 3 },
    sources: [3],
  });
  for (const [identifier, kind] of [
    ["PRJ/app", "repository"],
    ["PRJ", "project"],
    ["dora@example.org", "user"],
  ] as const) {
    expect(best(identifier)).toMatchObject({ kind, intent: "ensure", version: { proof: "asked" } });
  }
});

test("an object is asked for once, however many events and entities there are of it, and saves what it shows", async () => {
  const two = memoryMapper({
    "pull-request": (object) => ["a", "b"].map((blueprint) => mapped(object, blueprint, "PRJ/app/7")),
  });
  const sync = memorySync({ mapper: two });
  sync.bitbucket.put("pull-request", pullRequest(7));
  const sources = [0, 1].flatMap((order) => heard("pull-request", pullRequest(7), { order, date: order }));
  const { input } = await confirmed(sync, sources);
  expect(sync.bitbucket.asked).toEqual([pull]);
  const own = input.groups.filter(({ best }) => best.kind === "pull-request");
  expect(own.map(({ best }) => [best.entity.blueprint, best.sources])).toEqual([
    ["a", [1, 0]],
    ["b", [1, 0]],
  ]);
});

test("several objects are each asked for", async () => {
  const sync = withPullRequest();
  sync.bitbucket.put("pull-request", pullRequest(8));
  await confirmed(
    sync,
    [7, 8].flatMap((id, order) => heard("pull-request", pullRequest(id), { order })),
  );
  expect(sync.bitbucket.asked).toEqual([pull, pull.replace("7", "8")]);
});

test("what an answer does not show is asked for after it: repositories, then projects", async () => {
  const sync = withPullRequest();
  sync.bitbucket.put("project", project("OTH"));
  sync.bitbucket.put("project", project("ZZZ"));
  sync.bitbucket.put("repository", repository("OTH", "lib"));
  const sources = [
    ...heard("project", project("ZZZ"), { order: 2 }),
    ...heard("repository", repository("OTH", "lib"), { order: 1 }),
    ...heard("pull-request", pullRequest(7)),
  ];
  await confirmed(sync, sources);
  expect(sync.bitbucket.asked).toEqual([pull, "repository:oth/lib", "project:zzz"]);
});

test("what nobody doubts is not asked for", async () => {
  const sync = withPullRequest();
  for (const [kind, object] of [
    ["pull-request", pullRequest(7)],
    ["repository", repository("PRJ", "app")],
    ["project", project("PRJ")],
  ] as const)
    sync.port.put(entityOf(sync.context.mapper, kind, object));
  const { best } = await confirmed(sync, heard("pull-request", pullRequest(7)));
  expect(sync.bitbucket.asked).toEqual([]);
  expect(best("PRJ/app/7")?.version.proof).toBe("event");
});

test("as long as nobody doubts anything, Port is read once, also for what it does not have", async () => {
  const sync = memorySync();
  const sources = [0, 1].flatMap((order) =>
    heard("repository", repository("PRJ", "app"), { order, proof: "listed" }),
  );
  await confirmed(sync, sources, (candidates) => candidates.filter(({ kind }) => kind === "repository"));
  expect(sync.port.made).toEqual(["search bitbucketRepository PRJ/app", "search bitbucketProject PRJ"]);
});

test("what is not asked for stays beside what is", async () => {
  const sync = withPullRequest({ title: "Now" });
  const other = pullRequest(8);
  sync.port.put(entityOf(sync.context.mapper, "pull-request", other));
  const { best } = await confirmed(sync, [
    ...heard("pull-request", pullRequest(7)),
    ...heard("pull-request", other, { order: 1 }),
  ]);
  expect(best("PRJ/app/7")?.version.proof).toBe("asked");
  expect(best("PRJ/app/8")?.version.proof).toBe("event");
});

test("the README of a push stays beside the answer, the state that came with it does not", async () => {
  const sync = withPullRequest();
  const app = (text: string) => repository("PRJ", "app", { name: text, __readme: text });
  const version = { order: 1, proof: "event" } as const;
  const sources = [
    ...heard("repository", app("older")),
    ...observeRepository(app("pushed"), "refresh", version),
  ];
  const { byId } = await confirmed(sync, sources);
  const { best, others } = byId("PRJ/app") ?? {};
  expect(best).toMatchObject({
    intent: "write",
    entity: { title: "Repository app", properties: { documentation: "pushed" } },
  });
  expect(others?.map(({ intent }) => intent)).toEqual(["refresh"]);
});

test("an older state than the best one is not kept beside the answer", async () => {
  const sync = withPullRequest();
  const sources = [0, 1].flatMap((order) => heard("repository", repository("PRJ", "app"), { order }));
  const { byId } = await confirmed(sync, sources);
  expect(byId("PRJ/app")?.others).toEqual([]);
});

test("what was read of Port already is not read again", async () => {
  const sync = withPullRequest();
  await confirmed(sync, heard("pull-request", pullRequest(7)));
  expect(sync.port.made.filter((call) => call.includes("bitbucketPullrequest"))).toHaveLength(1);
});

test.each<[string, (sync: Sync) => void, string]>([
  ["deleted", (sync) => sync.bitbucket.put("repository", repository("PRJ", "app")), "gone"],
  [
    "moved",
    ({ bitbucket }) => bitbucket.answers.set(pull, { is: "elsewhere", address: undefined }),
    "elsewhere",
  ],
])("what was %s leaves the plan, and its event is done", async (_, given, whereabouts) => {
  const sync = memorySync();
  sync.bitbucket.put("project", project("PRJ"));
  given(sync);
  const { best, collector } = await confirmed(sync, heard("pull-request", pullRequest(7)));
  expect(best("PRJ/app/7")).toBeUndefined();
  expect(collector.outcome(0)).toEqual({ type: "done" });
  expect(lines()).toContainEqual(
    expect.objectContaining({
      level: "info",
      message: "not written: the object is not there any more",
      object: pull,
      whereabouts,
    }),
  );
});

test.each<[string, Version["byHand"], "gone" | "elsewhere", "project" | "repository", boolean]>([
  ["of a project that Bitbucket never had is written as it says", true, "gone", "project", true],
  ["is no reason to write what only its repository lacks", true, "gone", "repository", false],
  ["is no reason to write what was moved", true, "elsewhere", "project", false],
  ["that Bitbucket sent itself is not written once its project is gone", false, "gone", "project", false],
])("an event played back by hand %s", async (_, byHand = false, is, what, isWritten) => {
  const sync = memorySync();
  const answer = is === "gone" ? { is, what } : { is, address: undefined };
  sync.bitbucket.answers.set(pull, answer);
  const { best } = await confirmed(sync, heard("pull-request", pullRequest(7), { byHand }));
  expect(best("PRJ/app/7")?.version.proof).toBe(isWritten ? "word" : undefined);
});

test("when Bitbucket cannot tell for now, all events of the object come again, and others go on", async () => {
  const sync = withPullRequest();
  sync.bitbucket.put("pull-request", pullRequest(8));
  sync.bitbucket.answers.set(pull, unknown({ status: 503, code: "down", retryAfterMs: 9 }));
  const ids = [7, 7, 8];
  const sources = ids.flatMap((id, order) => heard("pull-request", pullRequest(id), { order, date: order }));
  const { best, collector } = await confirmed(sync, sources);
  const again = { type: "retry", reason: "bitbucket 503 down", retryAfterMs: 9 };
  expect(ids.map((_, index) => collector.outcome(index))).toEqual([again, again, { type: "done" }]);
  expect(best("PRJ/app/7")).toBeUndefined();
  expect(best("PRJ/app/8")?.version.proof).toBe("asked");
});

test("where Bitbucket does not let us look, what was heard is taken at its word, and that is said", async () => {
  const sync = withPullRequest();
  sync.bitbucket.answers.set(pull, unknown({ status: 401, code: "not_yours" }));
  const sources = [0, 1].flatMap((order) => heard("pull-request", pullRequest(7), { order, date: order }));
  const { byId, collector } = await confirmed(sync, [
    ...sources,
    ...heard("pull-request", pullRequest(8), { order: 2 }),
  ]);
  const { best, others = [] } = byId("PRJ/app/7") ?? {};
  expect([best, ...others].map((candidate) => candidate?.version.proof)).toEqual(["word", "word"]);
  expect(byId("PRJ")?.best.version.proof).not.toBe("word");
  expect(collector.outcome(0)).toEqual({ type: "done" });
  expect(lines()).toContainEqual(
    expect.objectContaining({
      level: "warn",
      message: "taken at its word: Bitbucket does not let us look",
      object: pull,
      status: 401,
      code: "not_yours",
    }),
  );
});

const well = (sync: Sync) => sync.bitbucket.put("project", project("PRJ"));
test.each<[string, number | undefined, number | undefined, (sync: Sync) => void, "word" | "retry"]>([
  ["at the twentieth delivery", 500, 20, well, "word"],
  ["before the twentieth delivery", 500, 19, well, "retry"],
  ["where nobody counts deliveries", 500, undefined, well, "retry"],
  ["as long as nobody answers", undefined, 20, well, "retry"],
  ["as long as we are to be slower", 429, 20, well, "retry"],
  ["as long as its project cannot be read either", 500, 20, () => {}, "retry"],
])("an object that cannot be read, %s", async (_, status, deliveries, given, expected) => {
  const sync = memorySync();
  given(sync);
  sync.bitbucket.answers.set(pull, unknown(status === undefined ? {} : { status }));
  const version = deliveries === undefined ? {} : { deliveries };
  const { best, collector } = await confirmed(sync, heard("pull-request", pullRequest(7), version));
  expect(best("PRJ/app/7")?.version.proof).toBe(expected === "word" ? "word" : undefined);
  expect(collector.outcome(0).type).toBe(expected === "word" ? "done" : "retry");
});

test("a proxy's answer never makes an object a broken one", async () => {
  const sync = memorySync();
  well(sync);
  sync.bitbucket.answers.set(pull, unknown({ status: 404, code: notBitbucket }));
  const { collector } = await confirmed(sync, heard("pull-request", pullRequest(7), { deliveries: 20 }));
  expect(collector.outcome(0).type).toBe("retry");
});

test("without a Bitbucket everything heard is taken at its word, and what was seen stays so", async () => {
  const sync = memorySync({ context: { bitbucket: undefined } });
  const newer = { order: 1, date: start };
  const { byId, best } = await confirmed(
    sync,
    [
      ...heard("pull-request", pullRequest(7)),
      ...heard("pull-request", pullRequest(7), newer),
      ...heard("project", project("OTH"), { proof: "listed", order: 2 }),
      ...heard("project", project("ASK"), { proof: "asked", order: 3 }),
      ...heard("project", project("OLD"), { order: 4 }),
    ],
    (candidates) =>
      candidates.map((candidate) => {
        if (candidate.entity.identifier !== "OLD") return candidate;
        const { proof: _, ...version } = candidate.version;
        return { ...candidate, version };
      }),
  );
  const { best: own, others = [] } = byId("PRJ/app/7") ?? {};
  expect([own, ...others].map((candidate) => candidate?.version)).toMatchObject([
    { proof: "word", order: 1, date: start },
    { proof: "word", order: 0 },
  ]);
  expect(["OTH", "ASK", "OLD"].map((key) => best(key)?.version.proof)).toEqual(["listed", "asked", "word"]);
  expect(sync.bitbucket.asked).toEqual([]);
});

test("a candidate without an address cannot be asked for and stays as it is", async () => {
  const sync = memorySync();
  const { best } = await confirmed(sync, heard("pull-request", pullRequest(7)), (candidates) =>
    candidates.map(({ address: _, ...candidate }) => candidate),
  );
  expect(best("PRJ/app/7")?.version.proof).toBe("event");
  expect(sync.bitbucket.asked).toEqual([]);
});
