import { expect, test } from "vitest";
import type { Entity } from "../../lib/port/entity.ts";
import type { Candidate, Proof, Version } from "../../lib/sync/candidate.ts";
import { type Decision, decide, isAnother, type Remembered, sameMoment } from "../../lib/sync/plan.ts";

// Where Bitbucket can be asked: what an event says counts where it proves to be the newest, and is asked for elsewhere.

const now = Date.parse("2024-05-02T12:00:00.000Z");
const roles = { version: "updated_on", created: "created_on", link: "link", state: "state" };
const at = (ms: number) => new Date(now + ms).toISOString();

function entity(properties: Entity["properties"], title = "T"): Entity {
  return { identifier: "K/s/1", blueprint: "bitbucketPullrequest", title, properties, relations: {} };
}
/** A state that Bitbucket changed so many ms after `now`. */
const state = (ms: number, name = "OPEN") => entity({ updated_on: at(ms), state: name });

interface Given extends Partial<Omit<Candidate, "version">> {
  readonly proof?: Proof;
  readonly version?: Partial<Version>;
}
function plan(
  { proof = "event", version = {}, ...own }: Given,
  existing: Entity | undefined,
  remembered?: Remembered,
): Decision {
  const candidate: Candidate = {
    kind: "pull-request",
    entity: state(0),
    intent: "write",
    roles,
    enriched: [],
    sources: [0],
    ...own,
    version: { order: 0, date: now, proof, ...version },
  };
  return decide(candidate, existing, { remembered, now });
}

test("a candidate without a proof is an event's", () => {
  const candidate: Candidate = {
    kind: "repository",
    entity: state(0),
    intent: "write",
    roles,
    enriched: [],
    sources: [0],
    version: { order: 0 },
  };
  expect(decide(candidate, undefined, { now })).toBe("ask");
});

test.each<[Given, Decision]>([
  [{ proof: "event" }, "ask"],
  [{ proof: "event", intent: "ensure" }, "ask"],
  [{ proof: "event", kind: "repository" }, "ask"],
  [{ proof: "event", kind: "user" }, "create"],
  [{ proof: "listed" }, "create"],
  [{ proof: "asked" }, "create"],
  [{ proof: "asked", kind: "user" }, "create"],
])("what Port does not have, %j: %s", (given, decision) => {
  expect(plan(given, undefined)).toBe(decision);
});

test.each<[Proof, Entity, Decision]>([
  ["event", state(-1), "present"],
  ["listed", state(-1), "present"],
  ["asked", state(-1), "present"],
  ["event", { ...entity({}), title: "K/s/1" }, "update"],
  ["asked", { ...entity({}), title: "K/s/1" }, "update"],
])("what only has to be there (%s) is written only over a bare entity", (proof, existing, decision) => {
  expect(plan({ proof, intent: "ensure" }, existing)).toBe(decision);
});

test.each<[number, Decision]>([
  [-5, "update"],
  [0, "unchanged"],
  [5, "update"],
])("what Bitbucket was asked for is written, whatever Port's date (%i ms)", (ms, decision) => {
  expect(plan({ proof: "asked" }, state(ms))).toBe(decision);
});

test("what Bitbucket was asked for is written over another object's entity, too", () => {
  const existing = entity({ updated_on: at(0), created_on: at(-1), state: "OPEN" });
  expect(plan({ proof: "asked", createdDate: now }, existing)).toBe("unchanged");
  expect(plan({ proof: "listed", createdDate: now }, existing)).toBe("ask");
  expect(plan({ proof: "event", createdDate: now }, existing)).toBe("ask");
  expect(plan({ proof: "event", createdDate: now - 1 }, existing)).toBe("unchanged");
});

test.each<[number, Decision]>([
  [-5, "update"],
  [0, "unchanged"],
  [5, "ask"],
])("what a listing shows is written unless Port's date is newer (%i ms)", (ms, decision) => {
  expect(plan({ proof: "listed" }, state(ms))).toBe(decision);
});

test("a listing's state of the same moment is written where it differs", () => {
  expect(plan({ proof: "listed" }, state(0, "DECLINED"))).toBe("update");
  expect(plan({ proof: "listed" }, state(0, "MERGED"))).toBe("ask");
});

test.each<[number, Decision]>([
  [-5, "update"],
  [0, "unchanged"],
  [5, "older"],
])("a fresh event is written only where its date is newer than Port's (%i ms)", (ms, decision) => {
  expect(plan({}, state(ms))).toBe(decision);
});

test("of one moment a fresh event proves nothing, but that a merge is final", () => {
  expect(plan({}, state(0, "DECLINED"))).toBe("ask");
  expect(plan({}, state(0, "MERGED"))).toBe("older");
});

test.each<[number | undefined, Decision]>([
  [now - 10_001, "ask"],
  [now - 10_000, "update"],
  [now, "update"],
  [now + 10_000, "update"],
  [now + 10_001, "ask"],
  [undefined, "ask"],
])("an event of %s, ten seconds around noon, is fresh enough", (date, decision) => {
  expect(plan({ version: { date } }, state(-5))).toBe(decision);
});

const asked = (when: number | undefined): Remembered => ({ version: { order: -1, at: when } });
test.each<[number | undefined, Remembered | undefined, Decision]>([
  [now, undefined, "update"],
  [now, asked(undefined), "update"],
  [now, asked(now), "update"],
  [now, asked(now + 1), "older"],
  [undefined, asked(now + 1), "ask"],
  [undefined, asked(undefined), "ask"],
])("an event of %s is of the past where Bitbucket was asked later: %j", (date, remembered, decision) => {
  expect(plan({ version: { date } }, state(-5), remembered)).toBe(decision);
});

test("an event without dates of its object is asked for, unless it changes nothing", () => {
  const repository = { kind: "repository", roles: {}, entity: entity({ name: "a" }) } as const;
  expect(plan(repository, entity({ name: "b" }))).toBe("ask");
  expect(plan(repository, entity({ name: "a" }))).toBe("unchanged");
});

test("README and the like were read just now: they are written, whatever the dates", () => {
  const own = entity({ documentation: "new", updated_on: at(0) });
  const refresh: Given = { intent: "refresh", entity: own, enriched: ["documentation"] };
  expect(plan(refresh, entity({ documentation: "old", updated_on: at(5) }))).toBe("update");
  expect(plan(refresh, entity({ documentation: "new", updated_on: at(5) }))).toBe("unchanged");
  expect(plan(refresh, undefined)).toBe("ask");
});

test.each<[number | undefined, number | undefined, boolean]>([
  [1_500, 1_500, true],
  [1_500, 1_501, false],
  [1_500, 1_000, true],
  [1_000, 1_500, true],
  [1_000, 2_000, false],
  [1_999, 1_000, true],
  [1_999, 2_000, false],
  [2_000, 1_999, false],
  [undefined, 1_501, true],
  [1_501, undefined, true],
  [undefined, undefined, true],
])("%s and %s, of which one may be cut to seconds, are one moment: %o", (a, b, same) => {
  expect(sameMoment(a, b)).toBe(same);
});

test("an entity with another creation date stands for another object", () => {
  const candidate = { createdDate: now + 1, roles } as Candidate;
  expect(isAnother(candidate, entity({ created_on: at(2) }))).toBe(true);
  expect(isAnother(candidate, entity({ created_on: at(1) }))).toBe(false);
  expect(isAnother(candidate, entity({}))).toBe(false);
});
