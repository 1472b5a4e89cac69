import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../lib/json.ts";
import type { Entity, RelationValue } from "../../lib/port/entity.ts";
import { type Candidate, compareVersions, type Version } from "../../lib/sync/candidate.ts";
import { groupByEntity } from "../../lib/sync/candidate-group.ts";
import { differs } from "../../lib/sync/difference.ts";
import { payloadOf, wanted } from "../../lib/sync/payload.ts";
import { decide, type Remembered } from "../../lib/sync/plan.ts";

const roles = { version: "updated_on", created: "created_on", link: "link", state: "state" };
const day = (n: number) => `2024-05-0${n}T00:00:00.000Z`;

function entity(
  properties: JsonObject = {},
  relations: Record<string, RelationValue> = {},
  title = "T",
): Entity {
  return { identifier: "K/s/1", blueprint: "bitbucketPullrequest", title, properties, relations };
}
function candidate(overrides: Partial<Candidate> = {}): Candidate {
  return {
    kind: "pull-request",
    entity: entity({ updated_on: day(2), state: "OPEN" }),
    intent: "write",
    version: { order: 0 },
    roles,
    enriched: [],
    sources: [0],
    ...overrides,
  };
}
const remembered = (version: Partial<Version>, gone?: Remembered["gone"]): Remembered => ({
  version: { order: -1, ...version },
  ...(gone === undefined ? {} : { gone }),
});

/** Where Bitbucket cannot be asked. */
function atItsWord(
  own: Candidate,
  existing: Entity | undefined,
  remembered?: Remembered,
  targets: readonly Remembered[] = [],
) {
  const version = { ...own.version, proof: "word" } as const;
  return decide({ ...own, version }, existing, { remembered, targets, now: 0 });
}

test("what is not there is created", () => {
  expect(atItsWord(candidate(), undefined)).toBe("create");
  expect(atItsWord(candidate({ intent: "ensure" }), undefined)).toBe("create");
});

test("what only has to be there is left as it is", () => {
  expect(atItsWord(candidate({ intent: "ensure" }), entity({ state: "MERGED" }))).toBe("present");
});

test("Port's date decides which state is newer", () => {
  const at = (n: number) => entity({ updated_on: day(n), state: "OPEN" });
  expect([1, 2, 3].map((n) => atItsWord(candidate(), at(n)))).toEqual(["update", "unchanged", "older"]);
});

test("without dates the newcomer is written where it differs", () => {
  expect(atItsWord(candidate({ roles: {} }), entity({ state: "DECLINED", updated_on: day(9) }))).toBe(
    "update",
  );
  expect(atItsWord(candidate(), entity({ state: "DECLINED", updated_on: "never" }))).toBe("update");
});

test("of two states of one moment a merge is final", () => {
  expect(atItsWord(candidate(), entity({ updated_on: day(2), state: "MERGED" }))).toBe("older");
  const merged = candidate({ entity: entity({ updated_on: day(2), state: "MERGED" }) });
  expect(atItsWord(merged, entity({ updated_on: day(2), state: "OPEN" }))).toBe("update");
});

test("a newer state that this process wrote itself is not overwritten", () => {
  const late = candidate({ version: { updated: 5, revision: 1, order: 3 } });
  const there = entity({ updated_on: day(2), state: "DECLINED" });
  expect(atItsWord(late, there, remembered({ updated: 5, revision: 2 }))).toBe("older");
  expect(atItsWord(late, there, remembered({ updated: 5, revision: 1 }))).toBe("update");
});

test("what was deleted comes back only as a successor", () => {
  const gone = remembered({ date: 100 }, { createdDate: 50 });
  expect(atItsWord(candidate({ createdDate: 50 }), undefined, gone)).toBe("older");
  expect(atItsWord(candidate({ createdDate: 51 }), undefined, gone)).toBe("create");
  expect(atItsWord(candidate({ version: { date: 100, order: 0 } }), undefined, gone)).toBe("older");
  expect(atItsWord(candidate({ version: { date: 101, order: 0 } }), undefined, gone)).toBe("create");
  expect(atItsWord(candidate(), undefined, gone)).toBe("create");
});

test("a state from before its repository was renamed is of the past", () => {
  const target = remembered({ date: 100 }, {});
  expect(atItsWord(candidate({ version: { date: 99, order: 0 } }), undefined, undefined, [target])).toBe(
    "older",
  );
  expect(atItsWord(candidate({ version: { date: 101, order: 0 } }), undefined, undefined, [target])).toBe(
    "create",
  );
  expect(
    atItsWord(candidate({ version: { date: 99, order: 0 } }), undefined, undefined, [
      remembered({ date: 100 }),
    ]),
  ).toBe("create");
});

test("what was deleted and came back is told by the date of its creation, before any other", () => {
  const created = { createdDate: 51, version: { date: 99, order: 0 } };
  expect(atItsWord(candidate(created), undefined, remembered({ date: 100 }, { createdDate: 50 }))).toBe(
    "create",
  );
  // Where that of what is gone is not known, the dates of the events decide.
  expect(atItsWord(candidate(created), undefined, remembered({ date: 100 }, {}))).toBe("older");
  expect(atItsWord(candidate(created), undefined, remembered({ date: 98 }, {}))).toBe("create");
  expect(atItsWord(candidate(created), undefined, remembered({}, {}))).toBe("create");
});

test("a state that is as new as what this process wrote is written where it differs", () => {
  const same = candidate({ version: { updated: 5, revision: 1, order: -1 } });
  const there = entity({ updated_on: day(2), state: "DECLINED" });
  expect(atItsWord(same, there, remembered({ updated: 5, revision: 1 }))).toBe("update");
});

test("a successor's state is written, however new the predecessor's was", () => {
  const own = candidate({
    createdDate: Date.parse(day(2)),
    entity: entity({ updated_on: day(2), created_on: day(2), state: "OPEN" }),
  });
  expect(atItsWord(own, entity({ updated_on: day(3), created_on: day(1), state: "OPEN" }))).toBe("update");
  expect(atItsWord(own, entity({ updated_on: day(3), created_on: day(2), state: "OPEN" }))).toBe("older");
});

test("without a date of the object a merge does not outweigh anything", () => {
  const { version: _, ...undated } = roles;
  expect(atItsWord(candidate({ roles: undated }), entity({ state: "MERGED" }))).toBe("update");
});

test("what was only mentioned so far is filled in", () => {
  const bare = { ...entity({}), title: "K/s/1" };
  expect(atItsWord(candidate({ intent: "ensure" }), bare)).toBe("update");
});

test("README and the like are written, however new Port's state is", () => {
  const own = entity({ documentation: "new", updated_on: day(1) });
  const refresh = candidate({ intent: "refresh", entity: own, enriched: ["documentation"] });
  expect(atItsWord(refresh, entity({ documentation: "old", updated_on: day(3) }))).toBe("update");
});

test("a refresh writes only what was refreshed", () => {
  const own = entity({ documentation: "new", name: "other" }, { latestCommitAuthor: "a", project: "P" });
  const refresh = candidate({
    intent: "refresh",
    entity: own,
    enriched: ["documentation", "latestCommitAuthor"],
  });
  const part = wanted(refresh);
  expect(part).toEqual({
    identifier: "K/s/1",
    blueprint: "bitbucketPullrequest",
    properties: { documentation: "new" },
    relations: { latestCommitAuthor: "a" },
  });
  expect(
    atItsWord(refresh, entity({ documentation: "new", name: "kept" }, { latestCommitAuthor: "a" })),
  ).toBe("unchanged");
  expect(atItsWord(refresh, entity({ documentation: "old" }, { latestCommitAuthor: "a" }))).toBe("update");
});

test("a null goes along only where it clears something", () => {
  const own = candidate({ entity: entity({ a: null, b: null, c: 1 }, { r: null, s: null, t: "x" }) });
  expect(payloadOf(own, undefined)).toMatchObject({ properties: { c: 1 }, relations: { t: "x" } });
  expect(Object.keys(payloadOf(own, undefined).properties)).toEqual(["c"]);
  const sent = payloadOf(own, entity({ a: "old", c: 0 }, { r: "old" }));
  expect(sent.properties).toEqual({ a: null, c: 1 });
  expect(sent.relations).toEqual({ r: null, t: "x" });
});

test("what Port shows in another form is the same", () => {
  const ours = entity(
    { at: "2024-05-01T10:00:00.000Z", none: null },
    { many: ["a", "b"], one: "x", nobody: null },
  );
  const theirs = entity({ at: "2024-05-01T12:00:00+02:00", extra: 1 }, { many: ["b", "a"], one: "x" });
  expect(differs(ours, theirs)).toBe(false);
});

test.each<[string, Entity, Entity]>([
  ["title", entity({}, {}, "A"), entity({}, {}, "B")],
  ["icon", { ...entity(), icon: "A" }, entity()],
  ["team", { ...entity(), team: ["a"] }, entity()],
  ["a property", entity({ a: 1 }), entity({ a: "1" })],
  ["a cleared property", entity({ a: null }), entity({ a: 1 })],
  ["a date", entity({ a: day(1) }), entity({ a: day(2) })],
  ["a single relation", entity({}, { r: "a" }), entity({}, { r: "b" })],
  ["a cleared relation", entity({}, { r: null }), entity({}, { r: "b" })],
  ["a relation to many", entity({}, { r: ["a"] }), entity({}, { r: ["a", "b"] })],
])("a difference in %s is seen", (_, ours, theirs) => {
  expect(differs(ours, theirs)).toBe(true);
});

const version = fc.record({
  updated: fc.option(fc.nat(3), { nil: undefined }),
  revision: fc.option(fc.nat(3), { nil: undefined }),
  date: fc.option(fc.nat(3), { nil: undefined }),
  order: fc.nat(3),
});

test("versions compare the same from both sides", () => {
  fc.assert(
    fc.property(
      version,
      version,
      (a, b) => Math.sign(compareVersions(a, b)) === -Math.sign(compareVersions(b, a)) + 0,
    ),
  );
});

test("whatever the order of candidates, the newest state wins and none is lost", () => {
  const complete = fc.record({ updated: fc.nat(5), revision: fc.nat(5), date: fc.nat(5), order: fc.nat() });
  fc.assert(
    fc.property(
      fc.uniqueArray(complete, { minLength: 1, selector: (it) => it.order }),
      fc.nat(),
      (versions, turn) => {
        const all = versions.map((it) => candidate({ version: it }));
        const turned = [...all.slice(turn % all.length), ...all.slice(0, turn % all.length)];
        const [group, ...more] = groupByEntity(turned);
        const newest = all.reduce((best, it) => (compareVersions(it.version, best.version) > 0 ? it : best));
        return more.length === 0 && group?.best === newest && group.others.length === all.length - 1;
      },
    ),
  );
});

test.each<[Json, Json | undefined, boolean]>([
  ["platform", ["platform"], false],
  [["b", "a"], ["a", "b"], false],
  [["a", "a"], ["a"], false],
  [[], undefined, false],
  ["platform", ["platform", "web"], true],
  ["platform", undefined, true],
  [[], ["platform"], true],
  [["a"], "a", false],
])("a team of %j where Port has %j is to be written: %o", (team, there, written) => {
  const existing = { ...entity(), ...(there === undefined ? {} : { team: there }) };
  expect(differs({ ...entity(), team }, existing)).toBe(written);
});
