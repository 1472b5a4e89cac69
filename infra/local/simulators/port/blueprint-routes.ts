import type { Answer } from "../http.ts";
import { blueprintOf, type Context, ok } from "./context.ts";
import { shapedObject } from "./entity-shape.ts";
import { isObject } from "./property-values.ts";
import { invalid, notFound, refused } from "./refusals.ts";
import { setBlueprint } from "./store.ts";
import type { Store } from "./stored.ts";
import type { Blueprint } from "./types.ts";

const identifierPattern = /^(?!\.{1,2}$)[\p{L}0-9@_.+:\\/-]+$/u;
const namePattern = /^[A-Za-z0-9@_=\\-]{1,100}$/;
const types = ["string", "number", "boolean", "object", "array"];

export function listBlueprints(context: Context): Answer {
  return ok({ blueprints: [...context.store.blueprints.values()] });
}

export function getBlueprint(context: Context, identifier: string): Answer {
  return ok({ blueprint: blueprintOf(context, identifier) });
}

export function createBlueprint(context: Context): Answer {
  const blueprint = checked(context.store, context.request.call.body);
  if (context.store.blueprints.has(blueprint.identifier)) {
    throw refused(
      409,
      "identifier_taken",
      `A blueprint with identifier "${blueprint.identifier}" already exists`,
    );
  }
  return save(context, blueprint, {}, 201);
}

export function replaceBlueprint(context: Context, identifier: string): Answer {
  const old = blueprintOf(context, identifier);
  return save(context, checked(context.store, named(identifier, context.request.call.body)), old);
}

export function patchBlueprint(context: Context, identifier: string): Answer {
  const old = blueprintOf(context, identifier);
  const patch = named(identifier, context.request.call.body);
  const next = context.settings.blueprintPatch === "deep" ? mergedDeep(old, patch) : { ...old, ...patch };
  return save(context, checked(context.store, next), old);
}

export function deleteBlueprint(context: Context, identifier: string): Answer {
  blueprintOf(context, identifier);
  const { blueprints, tables } = context.store;
  const users = [...blueprints.values()].filter(
    ({ identifier: other, relations = {} }) =>
      other !== identifier && Object.values(relations).some(({ target }) => target === identifier),
  );
  if (users.length > 0)
    throw refused(422, "has_dependents", `blueprint "${users[0]?.identifier}" relates to it`);
  if ((tables.get(identifier)?.byIdentifier.size ?? 0) > 0) {
    throw refused(422, "has_dependents", `blueprint "${identifier}" still has entities`);
  }
  blueprints.delete(identifier);
  return ok({});
}

function save(context: Context, blueprint: Blueprint, old: Partial<Blueprint>, status = 200): Answer {
  const updatedAt = new Date(context.store.now()).toISOString();
  const kept = { ...blueprint, createdAt: old["createdAt"] ?? updatedAt, updatedAt };
  setBlueprint(context.store, kept);
  return ok({ blueprint: kept }, status);
}

function named(identifier: string, body: unknown): Record<string, unknown> {
  if (!isObject(body)) throw invalid("body must be object");
  if ((body["identifier"] ?? identifier) !== identifier)
    throw invalid("the simulator does not rename blueprints");
  return { ...body, identifier };
}

function checked(store: Store, body: unknown): Blueprint {
  if (!isObject(body)) throw invalid("body must be object");
  const { identifier, title, schema, relations = {} } = body;
  if (typeof identifier !== "string" || identifier.length > 100 || !identifierPattern.test(identifier)) {
    throw invalid("body/identifier is invalid");
  }
  if (typeof title !== "string" || title.length < 1 || title.length > 100)
    throw invalid("body/title is invalid");
  checkProperties(schema);
  if (!isObject(relations)) throw invalid("body/relations must be object");
  for (const [name, relation] of Object.entries(relations)) checkRelation(store, identifier, name, relation);
  return { ...body, identifier, title, schema, relations } as Blueprint;
}

function checkProperties(schema: unknown): void {
  const { properties, required = [] } = shapedObject(schema, "body/schema", ["properties", "required"]);
  if (!isObject(properties)) throw invalid("body/schema must have required property 'properties'");
  for (const [name, property] of Object.entries(properties)) {
    if (!namePattern.test(name)) throw invalid(`body/schema/properties: the name "${name}" is invalid`);
    const type = isObject(property) ? property["type"] : undefined;
    if (!types.some((known) => known === type))
      throw invalid(`body/schema/properties/${name}/type is invalid`);
  }
  const fits = Array.isArray(required) && required.every((name) => Object.hasOwn(properties, String(name)));
  if (!fits) throw invalid("body/schema/required must be names of properties");
}

function checkRelation(store: Store, identifier: string, name: string, value: unknown): void {
  const where = `body/relations/${name}`;
  if (!namePattern.test(name)) throw invalid(`${where}: the name is invalid`);
  const keys = ["title", "target", "required", "many", "description", "type"];
  const { target, required, many } = shapedObject(value, where, keys);
  if (typeof target !== "string") throw invalid(`${where} must have required property 'target'`);
  if (typeof required !== "boolean") throw invalid(`${where} must have required property 'required'`);
  if (typeof many !== "boolean") throw invalid(`${where} must have required property 'many'`);
  if (target !== identifier && !store.blueprints.has(target)) throw notFound("Blueprint", target);
}

function mergedDeep(base: Readonly<Record<string, unknown>>, patch: Readonly<Record<string, unknown>>) {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    const old = base[key];
    result[key] = isObject(old) && isObject(value) ? mergedDeep(old, value) : value;
  }
  return result;
}
