import { type Json, type JsonObject, sameJson } from "../json.ts";
import { type Entity, type RelationValue, relationTargets } from "../port/entity.ts";
import { epochMs } from "../time.ts";
import { type Candidate, compareVersions, type Version } from "./candidate.ts";

/** What was last done to an entity, as far as this process remembers. */
export interface Remembered {
  readonly version: Version;
  /** Set when it was deleted; the object's creation date tells it from a successor of the same name. Epoch ms. */
  readonly gone?: { readonly createdDate?: number | undefined };
}

/** `present`: it only had to be there, and is. */
export type Decision = "create" | "update" | "unchanged" | "present" | "older";

/**
 * What to do about a candidate. Pure: all that is known comes in.
 * @param existing what Port has: the fields that the candidate sets, or undefined when there is no such entity
 * @param remembered what this process last did to the entity
 * @param targets the same for what it relates to: a state from before its repository was renamed is of the past
 */
export function decide(
  candidate: Candidate,
  existing: Entity | undefined,
  remembered?: Remembered,
  targets: readonly Remembered[] = [],
): Decision {
  if (remembered?.gone !== undefined && !isReborn(candidate, remembered)) return "older";
  if (targets.some((target) => target.gone !== undefined && !isLater(candidate, target))) return "older";
  if (existing === undefined) return "create";
  if (candidate.intent === "ensure") return "present";
  if (candidate.intent === "write" && isOlder(candidate, existing, remembered)) return "older";
  return differs(wanted(candidate), existing) ? "update" : "unchanged";
}

/** The part of a candidate that is written over an entity that is there. */
export function wanted(candidate: Candidate): Entity {
  if (candidate.intent !== "refresh") return candidate.entity;
  const { identifier, blueprint, properties, relations } = candidate.entity;
  const enriched = ([name]: [string, unknown]) => candidate.enriched.includes(name);
  return {
    identifier,
    blueprint,
    properties: Object.fromEntries(Object.entries(properties).filter(enriched)),
    relations: Object.fromEntries(Object.entries(relations).filter(enriched)),
  };
}

/**
 * What is sent to Port for a candidate. A null goes along only where it clears something: a new entity has nothing to
 * clear, and a value that is not there needs no null to stay away.
 */
export function payloadOf(candidate: Candidate, existing: Entity | undefined): Entity {
  const entity = existing === undefined ? candidate.entity : wanted(candidate);
  const clears =
    (there: Readonly<Record<string, unknown>> | undefined) =>
    ([name, value]: [string, unknown]) =>
      value !== null || (there?.[name] ?? null) !== null;
  return {
    ...entity,
    properties: Object.fromEntries(Object.entries(entity.properties).filter(clears(existing?.properties))),
    relations: Object.fromEntries(Object.entries(entity.relations).filter(clears(existing?.relations))),
  };
}

/** A pull request number or a slug can come back after the object that had it was deleted. */
function isReborn(candidate: Candidate, remembered: Remembered): boolean {
  const deleted = remembered.gone?.createdDate;
  if (candidate.createdDate !== undefined && deleted !== undefined) return candidate.createdDate > deleted;
  return isLater(candidate, remembered);
}

/** True as well when nobody can tell: what may be new is not thrown away. */
function isLater(candidate: Candidate, { version }: Remembered): boolean {
  const { date } = candidate.version;
  return date === undefined || version.date === undefined || date > version.date;
}

function isOlder(candidate: Candidate, existing: Entity, remembered: Remembered | undefined): boolean {
  if (remembered !== undefined && compareVersions(candidate.version, remembered.version) < 0) return true;
  const { version, state } = candidate.roles;
  const ours = dateOf(candidate.entity, version);
  const theirs = dateOf(existing, version);
  if (ours === undefined || theirs === undefined || ours > theirs) return false;
  if (ours < theirs) return true;
  // Equal as far as Port can tell, because a mapping may cut dates to seconds: a merge is final.
  return (
    state !== undefined &&
    existing.properties[state] === "MERGED" &&
    candidate.entity.properties[state] !== "MERGED"
  );
}

/** A date property as epoch ms. */
export function dateOf(entity: Entity, property: string | undefined): number | undefined {
  return property === undefined ? undefined : epochMs(entity.properties[property]);
}

/** Whether writing `wanted` (with merge) would change what Port has. Dates are compared as points in time. */
export function differs(wanted: Entity, existing: Entity): boolean {
  const { title, icon, team } = wanted;
  if (title !== undefined && title !== existing.title) return true;
  if (icon !== undefined && icon !== existing.icon) return true;
  if (team !== undefined && !sameJson(team, existing.team)) return true;
  return (
    propertiesDiffer(wanted.properties, existing.properties) ||
    relationsDiffer(wanted.relations, existing.relations)
  );
}

function propertiesDiffer(wanted: JsonObject, existing: JsonObject): boolean {
  return Object.entries(wanted).some(([name, value]) => !sameValue(value, existing[name] ?? null));
}

function sameValue(a: Json, b: Json): boolean {
  if (sameJson(a, b)) return true;
  if (typeof a !== "string" || typeof b !== "string") return false;
  const date = /^\d{4}-\d\d-\d\dT/.test(a) ? epochMs(a) : undefined;
  return date !== undefined && date === epochMs(b);
}

function relationsDiffer(
  wanted: Readonly<Record<string, RelationValue>>,
  existing: Readonly<Record<string, RelationValue>>,
): boolean {
  return Object.entries(wanted).some(([name, value]) => {
    const want = new Set(relationTargets(value));
    const have = new Set(relationTargets(existing[name]));
    return want.size !== have.size || [...want].some((target) => !have.has(target));
  });
}
