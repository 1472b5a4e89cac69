import { isMap } from "yaml";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { Definition } from "./definition.ts";
import { type EntityKeyName, identifierFault } from "./key.ts";
import { type Keys, keysOf } from "./mapping.ts";
import type { Reader, Value } from "./reader.ts";
import { quote } from "./text.ts";
import { toJson, toTexts } from "./value.ts";

/** The entity that an entry's keys describe. It is one only when the reader has found no fault. */
export function readEntity(keys: Keys, reader: Reader): Omit<Definition, "place"> {
  const at = (name: EntityKeyName) => keys.get(name) ?? null;
  const text = (name: EntityKeyName) => readText(name, at(name), reader);
  const mapping = (name: EntityKeyName) => readMapping(name, at(name), reader);
  const [title, icon] = [text("title"), text("icon")];
  return {
    blueprint: readIdentifier("blueprint", at("blueprint"), reader),
    identifier: readIdentifier("identifier", at("identifier"), reader),
    ...(title === undefined ? {} : { title }),
    ...(icon === undefined ? {} : { icon }),
    ...(keys.has("team") ? { team: readTeam(at("team"), reader) } : {}),
    properties: toObject(mapping("properties"), (value) => toJson(value, reader, 2)),
    relations: toObject(mapping("relations"), (value, key) => readRelation(key, value, reader)),
  };
}

function readIdentifier(name: "identifier" | "blueprint", value: Value, reader: Reader): string {
  const before = reader.faults.length;
  const json = toTexts(value, reader);
  if (reader.faults.length > before) return "";
  const fault =
    json === null
      ? `it has no ${name}`
      : isJsonObject(json)
        ? `its ${name} is a search or another mapping, and has to be a text`
        : typeof json === "string"
          ? identifierFault(name, json)
          : `its ${name} is a list, and has to be a text`;
  if (fault !== undefined) reader.faults.push(fault);
  return typeof json === "string" ? json : "";
}

/** Null counts as not said. */
function readText(name: EntityKeyName, value: Value, reader: Reader): string | undefined {
  const json = toTexts(value, reader);
  if (json === null || typeof json === "string") return json ?? undefined;
  reader.faults.push(`its ${name} is no text`);
  return undefined;
}

/** Null is no team: Port takes an empty list for that. */
function readTeam(value: Value, reader: Reader): Json {
  const json = toTexts(value, reader) ?? [];
  if (!isNames(json) && !isSearch(json))
    reader.faults.push("its team is neither a name, nor a list of names, nor a search (combinator, rules)");
  return json;
}

function readRelation(key: string, value: Value, reader: Reader): Json {
  const json = toTexts(value, reader);
  if (json !== null && !isNames(json) && !isSearch(json))
    reader.faults.push(
      `its relation ${quote(key)} is neither an identifier, nor a list of them, nor a search (combinator, rules)`,
    );
  return json;
}

function isNames(json: Json): boolean {
  const names = Array.isArray(json) ? json : [json];
  return names.every((name) => typeof name === "string" && name !== "");
}

function isSearch(json: Json): boolean {
  if (!isJsonObject(json)) return false;
  const { combinator, rules } = json;
  if (combinator !== "and" && combinator !== "or") return false;
  return Array.isArray(rules) && rules.length > 0 && rules.every(isJsonObject);
}

function readMapping(name: EntityKeyName, value: Value, reader: Reader): Keys {
  const node = reader.follow(value);
  if (isMap(node)) return keysOf(node, reader, 1);
  if (node !== undefined && toJson(node, reader) !== null)
    reader.faults.push(`its ${name} are no mapping of names to values`);
  return new Map();
}

function toObject(keys: Keys, read: (value: Value, key: string) => Json): JsonObject {
  return Object.fromEntries([...keys].map(([key, value]) => [key, read(value, key)]));
}
