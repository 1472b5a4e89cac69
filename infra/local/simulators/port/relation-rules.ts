import { comparison } from "./comparisons.ts";
import { shapedObject } from "./entity-shape.ts";
import { invalid, notFound } from "./refusals.ts";
import type { Store, Stored } from "./stored.ts";
import { type Direction, found, leadingTo, reached, reachedFrom } from "./traversal.ts";
import type { Blueprint } from "./types.ts";
import { reader, strings } from "./values.ts";

/** A compiled query. `candidates`, when known, holds every entity that can match. */
export type Query = {
  readonly matches: (stored: Stored) => boolean;
  readonly candidates?: ReadonlySet<Stored>;
};

export function relatedTo(
  store: Store,
  blueprint: Blueprint,
  rule: Record<string, unknown>,
  where: string,
): Query {
  const keys = ["operator", "blueprint", "value", "direction", "required"];
  const { blueprint: other, value, direction, required } = shapedObject(rule, where, keys);
  if (typeof other !== "string") throw invalid(`${where} must have required property 'blueprint'`);
  if (!store.blueprints.has(other)) throw notFound("Blueprint", other);
  if (required !== undefined && typeof required !== "boolean")
    throw invalid(`${where}/required must be boolean`);
  const starts = [...found(store, other, strings(value, where))];
  const all = directionsOf(direction, where).flatMap((one) => [...reached(store, starts, one, required)]);
  return membership(new Set(all.filter((stored) => stored.blueprint === blueprint.identifier)));
}

/** Without a direction, both. */
function directionsOf(direction: unknown, where: string): readonly Direction[] {
  if (direction === undefined) return ["upstream", "downstream"];
  if (direction === "upstream" || direction === "downstream") return [direction];
  throw invalid(`${where}/direction must be "upstream" or "downstream"`);
}

export function matchAny(
  store: Store,
  blueprint: Blueprint,
  rule: Record<string, unknown>,
  where: string,
): Query {
  const { property, value } = shapedObject(rule, where, ["property", "operator", "value"]);
  const identifiers = strings(value, where);
  if (typeof property === "string") {
    const read = reader(blueprint, property, where);
    const test = comparison("containsAny", identifiers);
    return { matches: (stored) => test(read(stored)) };
  }
  const { path, fromBlueprint } = shapedObject(property, `${where}/property`, ["path", "fromBlueprint"]);
  if (!Array.isArray(path)) throw invalid(`${where}/property must have required property 'path'`);
  if (!path.every((name) => typeof name === "string"))
    throw invalid(`${where}: the simulator knows no maxHops`);
  if (path.length === 0) throw invalid(`${where}/property/path must NOT be empty`);
  if (fromBlueprint === undefined)
    return membership(leadingTo(store, blueprint.identifier, path, identifiers));
  if (typeof fromBlueprint !== "string") throw invalid(`${where}/property/fromBlueprint must be string`);
  return membership(reachedFrom(store, blueprint.identifier, fromBlueprint, path, identifiers));
}

function membership(candidates: ReadonlySet<Stored>): Query {
  return { matches: (stored) => candidates.has(stored), candidates };
}
