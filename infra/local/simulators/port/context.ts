import type { Answer, Request } from "../http.ts";
import type { Settings } from "./options.ts";
import { invalid, notFound } from "./refusals.ts";
import type { Store, Stored } from "./stored.ts";
import type { Blueprint, Entity } from "./types.ts";

/** What every route works with. `parameters` are the path's, in order. */
export type Context = { readonly store: Store; readonly settings: Settings; readonly request: Request };
export type Route = (context: Context, ...parameters: string[]) => Answer;

export function ok(body: Record<string, unknown>, status = 200): Answer {
  return { status, body: { ok: true, ...body } };
}

export function blueprintOf(context: Context, identifier: string): Blueprint {
  const blueprint = context.store.blueprints.get(identifier);
  if (blueprint === undefined) throw notFound("Blueprint", identifier);
  return blueprint;
}

/** Reads the flags of a query string: only `true` and `false`, no unknown ones, the required ones there. */
export function queryFlags<Name extends string>(
  context: Context,
  required: readonly Name[],
  optional: readonly Name[] = [],
  others: readonly string[] = ["run_id"],
): Record<Name, boolean> {
  const { search } = context.request;
  for (const name of search.keys()) {
    const known: readonly string[] = [...required, ...optional, ...others];
    if (!known.includes(name)) throw invalid(`querystring must NOT have additional properties: "${name}"`);
  }
  const flags = {} as Record<Name, boolean>;
  for (const name of [...required, ...optional]) {
    const value = search.get(name);
    if (value === null && required.includes(name))
      throw invalid(`querystring must have required property '${name}'`);
    if (value !== null && value !== "true" && value !== "false")
      throw invalid(`querystring/${name} must be boolean`);
    flags[name] = value === "true";
  }
  return flags;
}

/** The entity as answers show it. */
export function shown(store: Store, stored: Stored, unset: Settings["unset"]): Entity {
  const blueprint = unset === "explicit" ? store.blueprints.get(stored.blueprint) : undefined;
  const properties = Object.keys(blueprint?.schema.properties ?? {}).map((name) => [name, null]);
  const relations = Object.entries(blueprint?.relations ?? {}).map(([name, { many }]) => [
    name,
    many ? [] : null,
  ]);
  return {
    identifier: stored.identifier,
    blueprint: stored.blueprint,
    ...(stored.title === undefined ? {} : { title: stored.title }),
    ...(stored.icon === undefined ? {} : { icon: stored.icon }),
    team: stored.team,
    properties: { ...Object.fromEntries(properties), ...stored.properties },
    relations: { ...Object.fromEntries(relations), ...stored.relations },
    createdAt: stored.createdAt,
    updatedAt: stored.updatedAt,
  };
}
