import { isJsonObject, type JsonObject } from "../json.ts";
import { type Entity, relationTargets } from "./entity.ts";
import { definitionsOf } from "./fit.ts";
import { valueFault } from "./value-faults.ts";

/** A rule of a blueprint that an entity breaks. */
export interface Violation {
  /** E.g. `properties.state`. */
  readonly field: string;
  /** What is wrong, in words that hold no value of the entity. */
  readonly rule: string;
}

/**
 * The rules of its blueprint that an entity breaks.
 * @param blueprint as Port has it, or as setup makes it
 */
export function violations(entity: Entity, blueprint: JsonObject): Violation[] {
  return [
    ...unknownFields(entity, blueprint),
    ...wrongValues(entity, blueprint),
    ...wrongRelations(entity, blueprint),
    ...missingFields(entity, blueprint),
  ];
}

/** Properties and relations that a blueprint does not have: Port refuses whole calls for them. */
export function unknownFields(
  { properties, relations }: Pick<Entity, "properties" | "relations">,
  blueprint: JsonObject,
): Violation[] {
  const known = definitionsOf(blueprint);
  const name = `blueprint ${JSON.stringify(String(blueprint["identifier"]))}`;
  const odd = Object.keys(properties).filter((it) => !known.properties.has(it));
  const oddRelations = Object.keys(relations).filter((it) => !known.relations.has(it));
  return [
    ...odd.map((it) => ({
      field: `properties.${it}`,
      rule: known.computed.has(it)
        ? `is worked out by Port: the ${name} computes it`
        : `is no property of the ${name}${known.relations.has(it) ? ", but a relation" : ""}`,
    })),
    ...oddRelations.map((it) => ({
      field: `relations.${it}`,
      rule: `is no relation of the ${name}${known.properties.has(it) ? ", but a property" : ""}`,
    })),
  ];
}

function wrongValues({ properties }: Entity, blueprint: JsonObject): Violation[] {
  const known = definitionsOf(blueprint).properties;
  return Object.entries(properties).flatMap(([name, value]) => {
    const definition = known.get(name);
    // Null clears.
    const rule = definition === undefined || value === null ? undefined : valueFault(value, definition);
    return rule === undefined ? [] : [{ field: `properties.${name}`, rule }];
  });
}

function wrongRelations({ relations }: Entity, blueprint: JsonObject): Violation[] {
  const known = definitionsOf(blueprint).relations;
  return Object.entries(relations).flatMap(([name, value]) => {
    const isMany = known.get(name)?.["many"] === true;
    const rule =
      !known.has(name) || value === null || isMany === Array.isArray(value)
        ? undefined
        : isMany
          ? "has to be a list: the blueprint's relation leads to many"
          : "is a list: the blueprint's relation leads to one";
    return rule === undefined ? [] : [{ field: `relations.${name}`, rule }];
  });
}

function missingFields({ properties, relations }: Entity, blueprint: JsonObject): Violation[] {
  const { schema } = blueprint;
  const listed = isJsonObject(schema) ? schema["required"] : undefined;
  const required = Array.isArray(listed) ? listed.filter((name) => typeof name === "string") : [];
  const rule = "is required, and the mapping gives nothing";
  return [
    ...required
      .filter((name) => (properties[name] ?? null) === null)
      .map((name) => ({ field: `properties.${name}`, rule })),
    ...[...definitionsOf(blueprint).relations]
      .filter(([name, it]) => it["required"] === true && relationTargets(relations[name]).length === 0)
      .map(([name]) => ({ field: `relations.${name}`, rule })),
  ];
}
