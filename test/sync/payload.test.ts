import { expect, test } from "vitest";
import type { Entity } from "../../lib/port/entity.ts";
import type { Candidate } from "../../lib/sync/candidate.ts";
import { dateOf, differs } from "../../lib/sync/difference.ts";
import { isBare, lasting, payloadOf } from "../../lib/sync/payload.ts";

function entity(properties: Entity["properties"], more: Partial<Entity> = {}): Entity {
  return { identifier: "K/s", blueprint: "b", properties, relations: {}, ...more };
}
function candidate(own: Entity, intent: Candidate["intent"] = "ensure"): Candidate {
  return {
    kind: "repository",
    entity: own,
    intent,
    version: { order: 0 },
    roles: {},
    enriched: ["documentation"],
    sources: [0],
  };
}
const full = entity({ name: "app", description: null, documentation: "# Text" }, { title: "App" });

test("an entity that has nothing of what it would be given was made only to be related to", () => {
  const bare = [
    entity({}),
    entity({}, { title: "K/s" }),
    entity({ name: null }),
    entity({ note: "by hand" }),
    // README and the like come by other ways, so that they prove nothing.
    entity({ documentation: "# Text" }),
    // What would be cleared anyway proves nothing either.
    entity({ description: "old" }),
  ];
  for (const existing of bare) expect(isBare(candidate(full), existing)).toBe(true);
});

test("an entity with a title of its own or anything of what it would be given is not bare", () => {
  expect(isBare(candidate(full), entity({}, { title: "Named by hand" }))).toBe(false);
  expect(isBare(candidate(full), entity({ name: "other" }))).toBe(false);
  const two = entity({ name: "app", state: "AVAILABLE" });
  expect(isBare(candidate(two), entity({ state: "INITIALISING" }))).toBe(false);
  expect(isBare(candidate(two), entity({ name: "other" }))).toBe(false);
});

test("a candidate that would give nothing takes no entity for bare", () => {
  for (const nothing of [{}, { name: null }, { documentation: "# Text" }]) {
    expect(isBare(candidate(entity(nothing)), entity({}))).toBe(false);
  }
});

test("all but README and the like is seen with every sight of an object", () => {
  expect(lasting(candidate(full))).toEqual({ name: "app", description: null });
});

test("a refresh of what is not there brings the whole, of what is there its own fields", () => {
  const refresh = candidate(full, "refresh");
  expect(payloadOf(refresh, undefined)).toEqual(
    entity({ name: "app", documentation: "# Text" }, { title: "App" }),
  );
  expect(payloadOf(refresh, entity({ name: "app" }))).toEqual(entity({ documentation: "# Text" }));
});

test("a date is read only where a property is meant for it", () => {
  expect(dateOf(entity({ on: "1970-01-01T00:00:00.005Z" }), "on")).toBe(5);
  expect(dateOf(entity({ on: "soon" }), "on")).toBeUndefined();
  expect(dateOf(entity({}), undefined)).toBeUndefined();
});

test("an icon or a team of one's own in Port is left alone where the mapping gives none", () => {
  const theirs = entity({}, { icon: "Rocket", team: ["a"], title: "Theirs" });
  expect(differs(entity({}), theirs)).toBe(false);
  expect(differs(entity({}, { icon: "Rocket" }), theirs)).toBe(false);
  expect(differs(entity({}, { icon: "Git" }), theirs)).toBe(true);
  expect(differs(entity({}, { title: "Theirs" }), theirs)).toBe(false);
});

const noon = "2024-05-01T12:00:00.000Z";
test.each([
  [noon, "2024-05-01T14:00:00+02:00", false],
  [noon, "2024-05-01T12:00:00.001Z", true],
  // Only what looks like a date all over is one.
  [`at ${noon}`, "at 2024-05-01T14:00:00+02:00", true],
  ["2024-05-01", "2024-05-01T00:00:00.000Z", true],
  ["2024-99-99T00:00:00Z", "2024-88-88T00:00:00Z", true],
  [noon, Date.parse(noon), true],
  [Date.parse(noon), noon, true],
  [[noon], ["2024-05-01T14:00:00+02:00"], true],
])("%j where Port has %j is to be written: %o", (ours, theirs, written) => {
  expect(differs(entity({ value: ours }), entity({ value: theirs }))).toBe(written);
});
