import { expect, test } from "vitest";
import type { UpsertResult } from "../../lib/port/upsert-answer.ts";
import type { Candidate } from "../../lib/sync/candidate.ts";
import { zeroCounts } from "../../lib/sync/counts.ts";
import { createOutcomeCollector } from "../../lib/sync/outcomes.ts";
import { recordResult, remember } from "../../lib/sync/record-result.ts";
import { memorySync } from "../support/memory-sync.ts";
import { collectLines } from "../support/output.ts";

const key = "bitbucketRepository\nPRJ/app";
const target = "bitbucketProject\nPRJ";

const lines = collectLines();

function candidate(more: Partial<Candidate> = {}): Candidate {
  return {
    kind: "repository",
    entity: {
      identifier: "PRJ/app",
      blueprint: "bitbucketRepository",
      properties: {},
      relations: { project: "PRJ" },
    },
    intent: "write",
    version: { order: 4, date: 9 },
    roles: {},
    enriched: [],
    address: { kind: "repository", key: "PRJ", slug: "app" },
    sources: [0],
    ...more,
  };
}

/** The newest of two states was sent to Port: from the first event, over that of the second. */
function recorded(result: UpsertResult, more: Partial<Candidate> = {}, createMissing = false) {
  const { context } = memorySync();
  const collector = createOutcomeCollector();
  const counts = zeroCounts();
  const refused = new Set<string>();
  for (const known of [key, target]) context.memory.found(known);
  if (result.ok) context.memory.forget(key);
  const group = { key, best: candidate(more), others: [candidate({ sources: [1] })] };
  const targetsMissing = recordResult(group, result, refused, { context, collector, counts, createMissing });
  return {
    targetsMissing,
    outcomes: [0, 1].map((index) => collector.outcome(index)),
    refused: [...refused],
    failed: counts.repository.failed,
    memory: context.memory,
  };
}

const done = { type: "done" };
const again = { type: "again" };

test("what was written is known to be there, and how new it is", () => {
  const { memory, ...noted } = recorded({ ok: true, created: true });
  expect(noted).toEqual({ targetsMissing: false, outcomes: [done, done], refused: [], failed: 0 });
  expect(memory.exists(key)).toBe(true);
  expect(memory.recall(key)).toEqual({ version: { order: -1, date: 9 } });
});

test("where a relation's target is missing, all events come again, and the target is not thought to be there", () => {
  const { memory, ...noted } = recorded({ ok: false, status: 404, code: "not_found" });
  expect(noted).toEqual({ targetsMissing: true, outcomes: [again, again], refused: [], failed: 0 });
  expect(memory.exists(target)).toBe(false);
  expect(memory.recall(key)).toBeUndefined();
});

test("what is missing though what relations lack was to be made is for later", () => {
  const { memory, ...noted } = recorded({ ok: false, status: 404, code: "not_found" }, {}, true);
  const retry = { type: "retry", reason: "404 not_found" };
  expect(noted).toEqual({ targetsMissing: false, outcomes: [retry, retry], refused: [], failed: 0 });
  expect(memory.exists(target)).toBe(true);
});

test("a state that is refused for good is a dead letter, and the one before it gets its chance", () => {
  const { memory: _, ...noted } = recorded({ ok: false, status: 422, code: "invalid_request" });
  const dead = { type: "dead", reason: "422 invalid_request", status: 422 };
  expect(noted).toEqual({ targetsMissing: false, outcomes: [dead, again], refused: [], failed: 0 });
  expect(lines()).toEqual([]);
});

test("what fails for now fails for all its events, for as long as Port says", () => {
  const { outcomes } = recorded({ ok: false, status: 429, code: "slow", retryAfterMs: 7 });
  const retry = { type: "retry", reason: "429 slow", retryAfterMs: 7 };
  expect(outcomes).toEqual([retry, retry]);
});

test("what only had to be there and fails for now fails like anything else", () => {
  const noted = recorded({ ok: false, status: 503, code: "down" }, { intent: "ensure" });
  expect(noted).toMatchObject({ outcomes: [{ type: "retry" }, { type: "retry" }], refused: [], failed: 0 });
  expect(lines()).toEqual([]);
});

test.each([
  ["its address", {}, "repository:prj/app"],
  ["its kind, where it has no address", { address: undefined }, "repository"],
])("what only had to be there and is refused costs no event, and is named by %s", (_, more, object) => {
  const result = { ok: false, status: 422, code: "invalid_request" } as const;
  const { memory, ...noted } = recorded(result, { intent: "ensure", ...more });
  expect(noted).toEqual({ targetsMissing: false, outcomes: [done, done], refused: [key], failed: 1 });
  expect(memory.recall(key)).toBeUndefined();
  expect(lines()).toMatchObject([
    {
      level: "error",
      message: "Port refuses an entity that others relate to: they are written without it",
      blueprint: "bitbucketRepository",
      object,
      reason: "422 invalid_request",
    },
  ]);
});

test.each([
  ["write", { order: -1, date: 9 }, { order: -1, date: 9 }],
  ["refresh", { order: -1 }, { order: 1 }],
  ["ensure", { order: -1 }, { order: 1 }],
] as const)(
  "what is remembered of how new a %s is, without and with what was remembered before",
  (intent, alone, before) => {
    const { context } = memorySync();
    const group = { key, best: candidate({ intent }), others: [] };
    remember(group, context);
    expect(context.memory.recall(key)).toEqual({ version: alone });
    context.memory.remember(key, { version: { order: 1 } });
    remember(group, context);
    expect(context.memory.recall(key)).toEqual({ version: before });
  },
);
