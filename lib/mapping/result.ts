import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { Roles, Traits } from "./traits.ts";

/** An entity as the mapping gives it; `identifier` may hold characters that Port refuses. */
export interface MappedEntity {
  readonly identifier: string;
  readonly blueprint: string;
  readonly title?: string;
  readonly icon?: string;
  readonly team?: Json;
  readonly properties: JsonObject;
  readonly relations: Readonly<Record<string, string | readonly string[] | null>>;
  readonly roles: Roles;
  /** Names of the properties and relations that come from `.__readme` or `.__latestCommit`. */
  readonly enriched: readonly string[];
  /** Names of the properties that name people. */
  readonly people: readonly string[];
}

/** Port takes 1 MiB for all entities of a call; a text is cut before it fills one alone. Characters. */
const longestText = 250_000;

type Outcome = { readonly v: Json } | { readonly e: true };
export interface ResourceResult {
  readonly single: Readonly<Record<string, Outcome>>;
  readonly properties: Readonly<Record<string, Outcome>>;
  readonly relations: Readonly<Record<string, Outcome>>;
}

/** Told of places in the mapping. */
export interface Notes {
  /** An expression failed. */
  failed(place: string): void;
  /** A text was cut. */
  cut(place: string): void;
}

/** Undefined when the selector says no. */
export function readResult(
  result: ResourceResult,
  traits: Traits,
  object: JsonObject,
  notes: Notes,
): MappedEntity | "unidentified" | undefined {
  const value = (outcome: Outcome | undefined, place: string): Json => {
    if (outcome !== undefined && "e" in outcome) notes.failed(place);
    return outcome !== undefined && "v" in outcome ? outcome.v : null;
  };
  const short = (given: Json, place: string): Json => {
    if (typeof given !== "string" || given.length <= longestText) return given;
    notes.cut(place);
    return given.slice(0, longestText).toWellFormed();
  };
  const selector = result.single["selector"];
  // Only a plain "no" skips an object; a selector that fails must not lose it.
  if (selector !== undefined && "v" in selector && (selector.v === false || selector.v === null))
    return undefined;
  value(selector, "selector");

  const identifier = text(value(result.single["identifier"], "identifier"));
  const blueprint = text(value(result.single["blueprint"], "blueprint"));
  if (identifier === undefined || blueprint === undefined) return "unidentified";
  const title = text(short(value(result.single["title"], "title"), "title"));
  const icon = text(value(result.single["icon"], "icon"));
  const team = value(result.single["team"], "team");
  const hidden = Object.entries(traits.notAlwaysShown).flatMap(([field, names]) =>
    field in object ? [] : names,
  );
  const shown = (name: string) => !hidden.includes(name);

  // Made of entries: a name may be `__proto__`.
  const properties = Object.entries(result.properties).flatMap(([name, outcome]) => {
    if (!shown(name)) return [];
    const given = short(value(outcome, `properties.${name}`), `properties.${name}`);
    // An object always has a link: without one it was just not shown.
    return given === null && traits.notAlwaysShown["links"]?.includes(name) ? [] : [[name, given] as const];
  });
  const relations = Object.entries(result.relations).flatMap(([name, outcome]) =>
    shown(name) ? [[name, relation(value(outcome, `relations.${name}`))] as const] : [],
  );
  return {
    identifier,
    blueprint,
    ...(title === undefined ? {} : { title }),
    ...(icon === undefined ? {} : { icon }),
    ...(team === null ? {} : { team }),
    properties: Object.fromEntries(properties),
    relations: Object.fromEntries(relations),
    roles: traits.roles,
    enriched: traits.enriched,
    people: traits.people,
  };
}

/** Port takes texts; a number as an identifier or title is written as one. */
function text(value: Json): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Port refuses a null inside a relation to many. */
function relation(value: Json): string | string[] | null {
  if (Array.isArray(value)) return value.map(text).filter((item) => item !== undefined);
  return isJsonObject(value) ? null : (text(value) ?? null);
}
