import { invalid } from "./refusals.ts";
import type { Stored } from "./stored.ts";
import type { Blueprint } from "./types.ts";

/** The meta-properties of an entity, by their names. */
export const metaProperties: Readonly<Record<string, (stored: Stored) => unknown>> = {
  $identifier: (stored) => stored.identifier,
  $title: (stored) => stored.title,
  $icon: (stored) => stored.icon,
  $team: (stored) => stored.team,
  $blueprint: (stored) => stored.blueprint,
  $createdAt: (stored) => stored.createdAt,
  $updatedAt: (stored) => stored.updatedAt,
};

/** How to read a property or a meta-property that a rule names. */
export function reader(blueprint: Blueprint, property: unknown, where: string): (stored: Stored) => unknown {
  if (typeof property !== "string") throw invalid(`${where}/property must be string`);
  const meta = Object.hasOwn(metaProperties, property) ? metaProperties[property] : undefined;
  if (meta !== undefined) return meta;
  if (!Object.hasOwn(blueprint.schema.properties, property)) {
    throw invalid(`${where}: "${property}" is not a property of blueprint "${blueprint.identifier}"`);
  }
  return (stored) => stored.properties[property];
}

/** A rule's value as a list of strings. */
export function strings(value: unknown, where: string): readonly string[] {
  if (typeof value === "string") return [value];
  const fits = Array.isArray(value) && value.every((item) => typeof item === "string");
  if (!fits) throw invalid(`${where}/value must be string or an array of strings`);
  return value;
}
