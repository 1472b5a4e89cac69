import { expect, test } from "vitest";
import type { BlueprintFields } from "../../lib/gitops/blueprints.ts";
import { claimsOf } from "../../lib/gitops/claims.ts";
import type { Definition } from "../../lib/gitops/definition.ts";
import { decide } from "../../lib/gitops/plan.ts";
import { type Entity, entityKey } from "../../lib/port/entity.ts";

const fields: BlueprintFields = {
  has: () => true,
  isObject: () => false,
  isRequired: (relation) => relation === "owner",
  targetOf: (relation) => (relation === "odd" ? undefined : "team"),
};
const there: Entity = { identifier: "here", blueprint: "team", properties: {}, relations: {} };

/** What becomes of an entity that a file describes so, when Port has the team `here` only. */
function decided(described: Partial<Definition>) {
  const place = { path: "port.yml", line: 1 };
  const bare = { blueprint: "service", identifier: "a", properties: {}, relations: {}, place };
  const leftOut = { properties: [], relations: [], meta: [] };
  const wanted = { name: "service:a", definition: { ...bare, ...described }, leftOut };
  const existing = new Map([[entityKey("team", "here"), there]]);
  const present = { existing, coming: new Set([]), schemas: new Map([["service", fields]]) };
  const decision = decide(wanted, claimsOf("7", [], []), present);
  if (decision.is !== "ours") throw new Error(decision.is);
  return decision;
}

test("an entity has what the file says of it, and its identifier for a title where it says none", () => {
  const said = { title: "A", icon: "Service", team: ["money"] };
  expect(decided(said).entity).toMatchObject(said);
  const { entity } = decided({});
  expect([entity.title, "icon" in entity, "team" in entity]).toEqual(["a", false, false]);
});

const search = { combinator: "and", rules: [{ property: "$title", operator: "=", value: "Money" }] };

test.each<[string, Definition["relations"], unknown, string[]]>([
  ["leads to what is there", { lead: "here" }, { lead: "here" }, []],
  ["leads nowhere", { lead: "no" }, { lead: null }, ["lead"]],
  ["is required and leads nowhere", { owner: "no" }, {}, ["owner"]],
  ["leads to several", { leads: ["no", "here"] }, { leads: ["here"] }, ["leads"]],
  ["is none of the blueprint's", { odd: ["no"] }, { odd: ["no"] }, []],
  ["is a search", { lead: search }, { lead: search }, []],
  ["is cleared", { lead: null }, { lead: null }, []],
])("a relation that %s", (_, relations, resolved, named) => {
  const { entity, unresolved } = decided({ relations });
  expect(entity.relations).toEqual(resolved);
  expect(unresolved).toEqual(named.map((name) => `relation ${name}: Port has no team "no", it is left out`));
});
