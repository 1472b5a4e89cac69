import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { Entity } from "./entity.ts";

/**
 * An entity with its values as its blueprint wants them, as far as that loses nothing: a text or number becomes a list of
 * one where Port wants a list, a number a text where it wants a text. Everything else is left for Port to judge.
 * @param blueprint as Port has it; undefined when that is not known
 */
export function fitted(entity: Entity, blueprint: JsonObject | undefined): Entity {
  if (blueprint === undefined) return entity;
  const { properties, relations } = definitionsOf(blueprint);
  const values = Object.entries(entity.properties).map(
    ([name, value]) => [name, fitValue(value, properties.get(name))] as const,
  );
  const targets = Object.entries(entity.relations).map(([name, value]) => {
    const isMany = relations.get(name)?.["many"] === true;
    return [name, isMany && typeof value === "string" ? [value] : value] as const;
  });
  return { ...entity, properties: Object.fromEntries(values), relations: Object.fromEntries(targets) };
}

export interface Definitions {
  readonly properties: ReadonlyMap<string, JsonObject>;
  readonly relations: ReadonlyMap<string, JsonObject>;
  /** Names of properties that Port works out itself. */
  readonly computed: ReadonlySet<string>;
}

/** Every entity is held against its blueprint: what that says is worked out once. */
const known = new WeakMap<JsonObject, Definitions>();

/** What a blueprint says of its properties and relations; a name may be `constructor`. It is not to be changed. */
export function definitionsOf(blueprint: JsonObject): Definitions {
  const definitions = known.get(blueprint) ?? readDefinitions(blueprint);
  known.set(blueprint, definitions);
  return definitions;
}

function readDefinitions(blueprint: JsonObject): Definitions {
  const schema = blueprint["schema"];
  const computed = ["mirrorProperties", "calculationProperties", "aggregationProperties"].flatMap((part) => [
    ...entriesOf(blueprint[part]).keys(),
  ]);
  return {
    properties: entriesOf(isJsonObject(schema) ? schema["properties"] : undefined),
    relations: entriesOf(blueprint["relations"]),
    computed: new Set(computed),
  };
}

function entriesOf(value: Json | undefined): Map<string, JsonObject> {
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  return new Map(entries.filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1])));
}

function fitValue(value: Json, definition: JsonObject | undefined): Json {
  const { type, items } = definition ?? {};
  if (type === "string") return asText(value);
  if (type !== "array" || value === null || isJsonObject(value)) return value;
  const list = Array.isArray(value) ? value : [value];
  return isJsonObject(items) && items["type"] === "string" ? list.map(asText) : list;
}

function asText(value: Json): Json {
  return typeof value === "number" ? String(value) : value;
}
