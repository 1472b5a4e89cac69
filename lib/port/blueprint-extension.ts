import { isJsonObject, type Json, type JsonObject, sameJson } from "../json.ts";

/** What a blueprint lacks. */
export interface Extension {
  /** The parts to write, each of them whole with what is there already; undefined when nothing is missing. */
  readonly parts: JsonObject | undefined;
  /** A sentence for each property or relation that is there in another form, which is left as it is. */
  readonly conflicts: readonly string[];
}

/**
 * Compares a blueprint with what it should have. What users added or changed stays: titles, icons, formats, further
 * properties and relations. Properties are not made required in a blueprint that is there, which may have entities.
 */
export function extensionOf(existing: JsonObject, wanted: JsonObject): Extension {
  const name = String(wanted["identifier"]);
  const schema = partOf(existing, "schema");
  const properties = partOf(schema, "properties");
  const relations = partOf(existing, "relations");
  const computed = ["mirrorProperties", "calculationProperties", "aggregationProperties"].map((part) =>
    partOf(existing, part),
  );

  const conflicts: string[] = [];
  const newProperties: JsonObject = {};
  for (const [key, property] of Object.entries(partOf(partOf(wanted, "schema"), "properties"))) {
    const found = properties[key];
    if (found !== undefined) conflicts.push(...propertyConflict(`${name}.${key}`, found, property));
    else if (computed.some((part) => key in part)) conflicts.push(`${name}.${key} is a computed property`);
    else newProperties[key] = property;
  }
  const newRelations: JsonObject = {};
  for (const [key, relation] of Object.entries(partOf(wanted, "relations"))) {
    const found = relations[key];
    if (found === undefined) newRelations[key] = relation;
    else conflicts.push(...relationConflict(`${name}.${key}`, found, relation));
  }

  const parts = {
    ...(isEmpty(newProperties)
      ? {}
      : { schema: { ...schema, properties: { ...properties, ...newProperties } } }),
    ...(isEmpty(newRelations) ? {} : { relations: { ...relations, ...newRelations } }),
  };
  return { parts: isEmpty(parts) ? undefined : parts, conflicts };
}

function propertyConflict(name: string, found: Json, wanted: Json): string[] {
  const [have, want] = [typeOf(found), typeOf(wanted)];
  return have === want ? [] : [`${name} is of type ${have} instead of ${want}`];
}

/** `string`, or `array of string`. */
function typeOf(property: Json): string {
  const { type, items } = isJsonObject(property) ? property : {};
  const inner = isJsonObject(items) && typeof items["type"] === "string" ? ` of ${items["type"]}` : "";
  return `${String(type)}${inner}`;
}

function relationConflict(name: string, found: Json, wanted: Json): string[] {
  const [have, want] = [found, wanted].map((it) => {
    const { target = null, many = false } = isJsonObject(it) ? it : {};
    return { target, many };
  });
  return sameJson(have, want) ? [] : [`${name} is ${relationText(have)} instead of ${relationText(want)}`];
}

function relationText(relation: JsonObject | undefined): string {
  return `a relation to ${relation?.["many"] === true ? "many" : "one"} ${String(relation?.["target"])}`;
}

function partOf(object: JsonObject, name: string): JsonObject {
  const part = object[name];
  return isJsonObject(part) ? part : {};
}

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0;
}
