import { invalid } from "./refusals.ts";
import type { Blueprint, Entity } from "./types.ts";
import { metaProperties } from "./values.ts";

/** Says whether a name (a property, a relation, or a `$` meta-property) stays in an answer. */
export type Keep = (name: string) => boolean;

/** Reads `include` and `exclude`; a name that the blueprint does not know is refused (422). */
export function projection(blueprint: Blueprint, include: unknown, exclude: unknown): Keep {
  const included = names(blueprint, include, "include");
  const excluded = names(blueprint, exclude, "exclude");
  return (name) => (included?.has(name) ?? true) && !(excluded?.has(name) ?? false);
}

/** The entity with only what is kept; its identifier always stays. */
export function project(entity: Entity, keep: Keep): Entity {
  const { identifier, properties, relations, ...meta } = entity;
  return {
    identifier,
    ...filtered(meta, (name) => keep(`$${name}`)),
    properties: filtered(properties, keep),
    relations: filtered(relations, keep),
  };
}

function filtered<Values extends Readonly<Record<string, unknown>>>(values: Values, keep: Keep): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => keep(name))) as Values;
}

function names(blueprint: Blueprint, value: unknown, key: string): ReadonlySet<string> | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw invalid(`body/${key} must be array`);
  for (const name of value) {
    if (typeof name !== "string") throw invalid(`body/${key} must be an array of strings`);
    const known = [metaProperties, blueprint.schema.properties, blueprint.relations ?? {}];
    if (!known.some((all) => Object.hasOwn(all, name))) {
      throw invalid(`body/${key}: "${name}" does not exist on blueprint "${blueprint.identifier}"`);
    }
  }
  return new Set<string>(value);
}
