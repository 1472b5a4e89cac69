import { isObject } from "./property-values.ts";
import { invalid } from "./refusals.ts";
import type { EntityInput } from "./types.ts";

const identifierPattern = /^(?!\.{1,2}$)[\p{L}0-9@_.+:\\/=-]+$/u;
const propertyNamePattern = /^[A-Za-z0-9@_=\\-]+$/;
const entityKeys = ["identifier", "title", "icon", "team", "blueprint", "properties", "relations"];

export function isIdentifier(value: unknown): value is string {
  return typeof value === "string" && value.length <= 1000 && identifierPattern.test(value);
}

/** Checks what the route's own schema says of an entity, before any blueprint is looked at. */
export function shapedEntity(value: unknown, where: string): EntityInput {
  const entity = shapedObject(value, where, entityKeys);
  if (!isIdentifier(entity["identifier"])) {
    throw invalid(
      `${where}/identifier must match pattern "${identifierPattern.source}", 1000 characters at most`,
    );
  }
  for (const key of ["title", "icon", "blueprint"]) {
    if (entity[key] !== undefined && typeof entity[key] !== "string")
      throw invalid(`${where}/${key} must be string`);
  }
  checkTeam(entity["team"], where, false);
  checkValues(entity, where);
  return entity as EntityInput;
}

/** The same for PATCH, where the identifier is in the path, and title and icon may be cleared. */
export function shapedPatch(value: unknown): Partial<EntityInput> {
  const patch = shapedObject(
    value,
    "body",
    entityKeys.filter((key) => key !== "blueprint"),
  );
  for (const key of ["title", "icon"]) {
    const text = patch[key] ?? null;
    if (text !== null && typeof text !== "string") throw invalid(`body/${key} must be string,null`);
  }
  checkTeam(patch["team"], "body", true);
  checkValues(patch, "body");
  for (const name of Object.keys((patch["properties"] as object | undefined) ?? {})) {
    if (!propertyNamePattern.test(name))
      throw invalid(`body/properties property name ${JSON.stringify(name)} is invalid`);
  }
  return patch as Partial<EntityInput>;
}

/** An object that has only these keys, or a refusal. */
export function shapedObject(
  value: unknown,
  where: string,
  keys: readonly string[],
): Record<string, unknown> {
  if (!isObject(value)) throw invalid(`${where} must be object`);
  for (const key of Object.keys(value)) {
    if (!keys.includes(key))
      throw invalid(`${where} must NOT have additional properties: ${JSON.stringify(key)}`);
  }
  return value;
}

function checkTeam(team: unknown, where: string, nullable: boolean): void {
  const fits =
    team === undefined ||
    typeof team === "string" ||
    (nullable && team === null) ||
    (Array.isArray(team) && team.every((name) => typeof name === "string")) ||
    isObject(team);
  if (!fits) throw invalid(`${where}/team must be a team or an array of teams`);
}

function checkValues(entity: Record<string, unknown>, where: string): void {
  const { properties = {}, relations = {} } = entity;
  if (!isObject(properties)) throw invalid(`${where}/properties must be object`);
  if (!isObject(relations)) throw invalid(`${where}/relations must be object`);
  for (const [name, value] of Object.entries(relations)) {
    const isList = Array.isArray(value) && value.every(isIdentifier);
    if (value !== null && !isIdentifier(value) && !isList && !isObject(value))
      throw invalid(`${where}/relations/${name} must be an identifier, an array of them, a search or null`);
  }
}
