import type { Json, JsonObject } from "../json.ts";
import { reasonOf, typeName } from "./jq-reason.ts";
import type { Fields, Roles, Traits } from "./traits.ts";
import { listed, relation, text } from "./values.ts";

/** An entity as the mapping gives it; `identifier` may hold characters that Port refuses. */
export interface MappedEntity {
  readonly identifier: string;
  readonly blueprint: string;
  readonly title?: string;
  readonly icon?: string;
  readonly team?: Json;
  readonly properties: JsonObject;
  readonly relations: Readonly<Record<string, string | readonly string[] | null>>;
  /** Position of its resource in the file. */
  readonly resource: number;
  readonly roles: Roles;
  readonly fields: Fields;
  /** Names of the properties and relations that come from `.__readme` or `.__latestCommit`. */
  readonly enriched: readonly string[];
  /** Names of the properties that name people. */
  readonly people: readonly string[];
}

/** Port takes 1 MiB for all entities of a call; a text is cut before it fills one alone. Characters. */
const longestText = 250_000;

type Outcome = { readonly v: Json } | { readonly e: Json };
export interface ResourceResult {
  readonly single: Readonly<Record<string, Outcome>>;
  readonly properties: Readonly<Record<string, Outcome>>;
  readonly relations: Readonly<Record<string, Outcome>>;
}

/** Told of places in a resource, e.g. `properties.owner`. */
export interface Notes {
  /** An expression failed, or gave what cannot stand there: why, without any value. */
  failed(place: string, reason: string): void;
  /** A text was cut. */
  cut(place: string): void;
  /** The selector said no: `selector` or `projects`. */
  skipped(place: string): void;
}

/** Why a resource makes no entity of an object that it took: it gives no identifier or blueprint, or fails at it. */
export type Unidentified = "empty" | "failing";

/**
 * The entity that a resource makes of an object; undefined when its selector does not take it. What fails is not among
 * its properties and relations, so that it stays in Port as it is.
 * @param selects false: whatever the selector says
 */
export function readResult(
  result: ResourceResult,
  traits: Traits,
  object: JsonObject,
  notes: Notes,
  selects = true,
): MappedEntity | Unidentified | undefined {
  if (selects && !isSelected(result.single["selector"], notes)) return undefined;
  const single = (place: string) => textAt(place, result.single[place], notes);
  const identifier = single("identifier");
  const blueprint = single("blueprint");
  for (const [place, it] of [
    ["identifier", identifier],
    ["blueprint", blueprint],
  ] as const)
    if (it === undefined) notes.failed(place, "it gives nothing");
  if (identifier === undefined || blueprint === undefined) return "empty";
  if (identifier === failing || blueprint === failing) return "failing";
  const title = single("title");
  const icon = single("icon");
  const team = usable(result.single["team"], "team", notes);
  const hidden = Object.entries(traits.notAlwaysShown).flatMap(([field, names]) =>
    field in object ? [] : names,
  );
  const isShown = ([name]: [string, Outcome]) => !hidden.includes(name);

  // Made of entries: a name may be `__proto__`.
  const properties = Object.entries(result.properties)
    .filter(isShown)
    .flatMap(([name, outcome]) => {
      const value = usable(outcome, `properties.${name}`, notes);
      // An object always has a link: without one it was just not shown.
      const isHidden = value === null && traits.notAlwaysShown["links"]?.includes(name);
      return value === failing || isHidden ? [] : [[name, listed(value)] as const];
    });
  const relations = Object.entries(result.relations)
    .filter(isShown)
    .flatMap(([name, outcome]) => {
      const place = `relations.${name}`;
      const value = usable(outcome, place, notes);
      if (value === failing) return [];
      const { related, fault } = relation(value);
      if (fault !== undefined) notes.failed(place, fault);
      return related === undefined ? [] : [[name, related] as const];
    });
  return {
    identifier,
    blueprint,
    ...(isText(title) ? { title } : {}),
    ...(isText(icon) ? { icon } : {}),
    ...(team === null || team === failing ? {} : { team }),
    properties: Object.fromEntries(properties),
    relations: Object.fromEntries(relations),
    resource: traits.resource,
    roles: traits.roles,
    fields: traits.fields,
    enriched: traits.enriched,
    people: traits.people,
  };
}

const failing = Symbol("failing");

function isText(it: string | typeof failing | undefined): it is string {
  return typeof it === "string";
}

/** Only a plain yes takes an object; what else it gives is named. */
function isSelected(outcome: Outcome | undefined, notes: Notes): boolean {
  const value = usable(outcome, "selector", notes);
  if (value === false) notes.skipped("selector");
  else if (value !== true && value !== failing)
    notes.failed("selector", `it gives ${typeName(value)} in place of true or false`);
  return value === true;
}

function textAt(place: string, outcome: Outcome | undefined, notes: Notes) {
  const value = usable(outcome, place, notes);
  if (value === failing) return failing;
  const given = text(value);
  if (given !== undefined || value === null || value === "") return given;
  notes.failed(place, `it gives ${typeName(value)} in place of a text`);
  return failing;
}

/** What an expression gave, no longer than Port takes. */
function usable(outcome: Outcome | undefined, place: string, notes: Notes): Json | typeof failing {
  if (outcome === undefined) return null;
  if ("e" in outcome) {
    notes.failed(place, reasonOf(outcome.e));
    return failing;
  }
  const { v: value } = outcome;
  if (typeof value !== "string" || value.length <= longestText) return value;
  notes.cut(place);
  return value.slice(0, longestText).toWellFormed();
}
