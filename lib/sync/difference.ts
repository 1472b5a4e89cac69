import { isJsonObject, type Json, type JsonObject, sameJson } from "../json.ts";
import { type Entity, type RelationValue, relationTargets } from "../port/entity.ts";
import { epochMs } from "../time.ts";

/** A date property as epoch ms. */
export function dateOf(entity: Entity, property: string | undefined): number | undefined {
  return property === undefined ? undefined : epochMs(entity.properties[property]);
}

/** Whether writing `wanted` (with merge) would change what Port has. Dates are compared as points in time. */
export function differs(wanted: Entity, existing: Entity): boolean {
  const { title, icon, team } = wanted;
  if (title !== undefined && title !== existing.title) return true;
  if (icon !== undefined && icon !== (existing.icon ?? null)) return true;
  if (team !== undefined && !sameJson(teamNames(team), teamNames(existing.team))) return true;
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
    // A search, as files may have it: what it finds only Port knows.
    if (isJsonObject(value)) return true;
    const want = new Set(relationTargets(value));
    const have = new Set(relationTargets(existing[name]));
    return want.size !== have.size || [...want].some((target) => !have.has(target));
  });
}

/** Port takes one team as a text and gives it back as a list. */
function teamNames(team: Json = null): Json {
  return [...new Set([team].flat())].filter((name) => name !== null).toSorted();
}
