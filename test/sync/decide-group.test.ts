import { expect, test } from "vitest";
import type { Entity } from "../../lib/port/entity.ts";
import type { Candidate, Version } from "../../lib/sync/candidate.ts";
import { groupByEntity } from "../../lib/sync/candidate-group.ts";
import { decideGroup, effective } from "../../lib/sync/decide-group.ts";
import { createMemory } from "../../lib/sync/memory.ts";
import type { Decision } from "../../lib/sync/plan.ts";
import { nothingRead } from "../../lib/sync/plan-input.ts";

const now = Date.now();
const key = "b\nK/s";
const targetOf = () => "t";

interface Given extends Omit<Partial<Candidate>, "version"> {
  readonly title?: string;
  readonly version?: Partial<Version>;
}

function candidate({ title = "new", version = {}, ...more }: Given = {}): Candidate {
  return {
    kind: "repository",
    entity: entity(title),
    intent: "write",
    roles: { version: "updated_on" },
    enriched: ["documentation"],
    sources: [0],
    ...more,
    version: { order: 0, date: now, ...version },
  };
}

function entity(title: string, more: Partial<Entity> = {}): Entity {
  return { identifier: "K/s", blueprint: "b", title, properties: {}, relations: { to: "x" }, ...more };
}

/** A state that Bitbucket changed so many ms after `now`. */
function dated(title: string, ms: number, documentation: string | null = null): Entity {
  return entity(title, { properties: { updated_on: new Date(now + ms).toISOString(), documentation } });
}

function decided(
  candidates: readonly Candidate[],
  existing?: Entity,
  { present = false, memory = createMemory() } = {},
) {
  const [group] = groupByEntity(candidates);
  if (group === undefined) throw new Error("no group");
  const input = {
    ...nothingRead,
    groups: [group],
    existing: new Map(existing === undefined ? [] : [[key, existing]]),
    present: new Set(present ? [key] : []),
  };
  const context = { memory, targetOf };
  return { decision: decideGroup(group, input, context), effective: effective(group, input, context) };
}

/** Two states of one object, from two events; the second came last. */
const two = (first: Given = {}, second: Given = {}): Candidate[] => [
  candidate({ title: "first", ...first }),
  candidate({ title: "second", ...second, version: { order: 1, ...second.version } }),
];

test.each<[string, Candidate[], Entity, Decision]>([
  ["differ", two(), entity("second"), "ask"],
  ["differ, and none of which Port has", two(), entity("there"), "ask"],
  ["say the same", two({ title: "second" }), entity("second"), "unchanged"],
  ["have different dates", two({}, { version: { date: now + 1 } }), entity("second"), "unchanged"],
  [
    "were listed",
    two({ version: { proof: "listed" } }, { version: { proof: "listed" } }),
    entity("x"),
    "update",
  ],
  [
    "are taken at their word",
    two({ version: { proof: "word" } }, { version: { proof: "word" } }),
    entity("x"),
    "update",
  ],
  ["of which the newer was asked for", two({}, { version: { proof: "asked" } }), entity("x"), "update"],
  ["of which the older was listed", two({ version: { proof: "listed" } }), entity("second"), "unchanged"],
  ["of which one only has to be there", two({ intent: "ensure" }), entity("second"), "unchanged"],
  ["of which one is of a push", two({ intent: "refresh" }), entity("second"), "unchanged"],
])("two states of one object that %s", (_, candidates, existing, decision) => {
  expect(decided(candidates, existing).decision).toBe(decision);
});

test("two states of one object that are both newer than Port's are asked for, unless they say the same", () => {
  const own = (title: string) => candidate({ entity: dated(title, 1) });
  expect(decided([own("a"), own("b")], dated("there", 0)).decision).toBe("ask");
  expect(decided([own("a"), own("a")], dated("there", 0)).decision).toBe("update");
});

test("two states of one object that are both older than Port's need no asking", () => {
  const own = (title: string) => candidate({ entity: dated(title, -1) });
  expect(decided([own("a"), own("b")], dated("there", 0)).decision).toBe("older");
});

test("two states of one object that is not there yet are asked for as one is", () => {
  expect(decided(two()).decision).toBe("ask");
  const listed = { version: { proof: "listed" } } as const;
  expect(decided(two(listed, listed)).decision).toBe("create");
});

test("what is known to be there, though it was not read, is present", () => {
  const ensured = candidate({ intent: "ensure" });
  expect(decided([ensured]).decision).toBe("ask");
  expect(decided([ensured], undefined, { present: true }).decision).toBe("present");
});

test("what was read counts more than what is only known to be there", () => {
  const ensured = candidate({ intent: "ensure", entity: entity("new", { properties: { state: "x" } }) });
  const bare = entity("K/s", { properties: {} });
  expect(decided([ensured], bare, { present: true }).decision).toBe("update");
});

test("what this process did to the entity counts", () => {
  const memory = createMemory();
  memory.remember(key, { version: { order: 0, at: now + 1 } });
  expect(decided([candidate()], entity("there")).decision).toBe("ask");
  expect(decided([candidate()], entity("there"), { memory }).decision).toBe("older");
});

test("what this process did to what it relates to counts where nobody can be asked", () => {
  const word = candidate({ version: { proof: "word" } });
  const memory = createMemory();
  memory.remember("t\nx", { version: { order: 0, date: now + 1 }, gone: {} });
  expect(decided([word]).decision).toBe("create");
  expect(decided([word], undefined, { memory }).decision).toBe("older");
});

test("the README of a push is still written where the state beside it is older than Port's", () => {
  const older = candidate({ entity: dated("old", -1) });
  const push = candidate({ intent: "refresh", entity: dated("old", -1, "read me") });
  const { decision, effective: second } = decided([older, push], dated("there", 0));
  expect(decision).toBe("older");
  expect(second).toMatchObject({ decision: "update", group: { key, best: { intent: "refresh" } } });
  const { effective: same } = decided([older, push], dated("there", 0, "read me"));
  expect(same).toMatchObject({ decision: "unchanged", group: { best: { intent: "refresh" } } });
});

test("an older state alone stays an older one, also beside one that only has to be there", () => {
  const older = candidate({ entity: dated("old", -1) });
  expect(decided([older], dated("there", 0)).effective.decision).toBe("older");
  const ensured = candidate({ intent: "ensure" });
  const { effective: beside } = decided([older, ensured], dated("there", 0));
  expect(beside).toMatchObject({ decision: "older", group: { best: { intent: "write" } } });
});

test("where the state beside a push is written, both are written together", () => {
  const newer = candidate({ entity: dated("new", 1) });
  const push = candidate({ intent: "refresh", entity: dated("new", 1, "read me") });
  const { effective: together } = decided([newer, push], dated("there", 0));
  expect(together).toMatchObject({
    decision: "update",
    group: { best: { intent: "write", entity: { properties: { documentation: "read me" } } } },
  });
});
