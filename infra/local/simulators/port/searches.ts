import { isObject } from "./property-values.ts";
import { compiled } from "./query.ts";
import { invalid } from "./refusals.ts";
import { entitiesFrom } from "./store.ts";
import type { Store } from "./stored.ts";
import type { Blueprint, EntityInput, Relations } from "./types.ts";

const operators = ["=", "in", "containsAny", "contains"];
/** More hits are cut off. */
const mostHits = 100;
/** The blueprint that a search for teams looks through. */
const teams = "_team";

/** The same input with what its searches find in place of them; a single relation wants exactly one. */
export function withoutSearches(store: Store, blueprint: Blueprint, input: EntityInput): EntityInput {
  const relations = Object.entries(input.relations ?? {}).map(([name, value]) => {
    const schema = blueprint.relations?.[name];
    if (!isObject(value) || schema === undefined) return [name, value] as const;
    const hits = hitsOf(store, schema.target, value, `relations/${name}`);
    const [first] = hits;
    if (schema.many === true) return [name, hits] as const;
    if (first === undefined || hits.length > 1)
      throw invalid(`relations/${name} must find exactly one entity, it finds ${hits.length}`);
    return [name, first] as const;
  });
  const team = isObject(input.team) ? { team: hitsOf(store, teams, input.team, "team") } : {};
  return { ...input, ...team, relations: Object.fromEntries(relations) as Relations };
}

function hitsOf(store: Store, target: string, search: Record<string, unknown>, where: string): string[] {
  checkOperators(search, where);
  const blueprint = store.blueprints.get(target);
  if (blueprint === undefined) return [];
  const { matches } = compiled(store, blueprint, search, where);
  const hits = [...entitiesFrom(store, target, 0)].filter(matches);
  return hits.slice(0, mostHits).map(({ identifier }) => identifier);
}

function checkOperators(search: Record<string, unknown>, where: string): void {
  const rules = Array.isArray(search["rules"]) ? search["rules"].filter(isObject) : [];
  for (const rule of rules) {
    if ("combinator" in rule) checkOperators(rule, where);
    else if (!operators.includes(String(rule["operator"])))
      throw invalid(`${where}: a search knows only the operators ${operators.join(", ")}`);
  }
}
