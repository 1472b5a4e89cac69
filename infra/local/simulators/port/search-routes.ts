import type { Answer } from "../http.ts";
import { blueprintOf, type Context, ok, queryFlags, shown } from "./context.ts";
import { shapedObject } from "./entity-shape.ts";
import { project, projection } from "./projection.ts";
import { compiled } from "./query.ts";
import { invalid } from "./refusals.ts";
import { entitiesFrom } from "./store.ts";
import type { Store, Stored } from "./stored.ts";
import type { Blueprint } from "./types.ts";

export function searchEntities(context: Context, identifier: string): Answer {
  queryFlags(context, [], [], []);
  const { store, settings, request } = context;
  const blueprint = blueprintOf(context, identifier);
  const body = shapedObject(request.call.body ?? {}, "body", [
    "query",
    "include",
    "exclude",
    "limit",
    "from",
  ]);
  const limit = checkedLimit(body["limit"]);
  const keep = projection(blueprint, body["include"], body["exclude"]);
  const page: Stored[] = [];
  for (const stored of matching(store, blueprint, body["query"], cursor(body["from"]))) {
    page.push(stored);
    if (page.length > limit) break;
  }
  const following = page.length > limit ? page.pop() : undefined;
  const entities = page.map((stored) => project(shown(store, stored, settings.unset), keep));
  return ok({
    entities,
    ...(following === undefined
      ? {}
      : { next: next(settings.next === "repeats" ? (page[0] ?? following) : following) }),
  });
}

/** GET of all entities of a blueprint; `include` and `exclude` name dotted paths here. */
export function listEntities(context: Context, identifier: string): Answer {
  const flags = ["exclude_calculated_properties", "attach_title_to_relation", "allow_partial_results"];
  queryFlags(context, [], [...flags, "attach_identifier_to_title_mirror_properties"], ["include", "exclude"]);
  const blueprint = blueprintOf(context, identifier);
  const [include, exclude] = ["include", "exclude"].map((name) => {
    const paths = context.request.search.getAll(name);
    return paths.length === 0 ? undefined : paths.map(bareName);
  });
  const keep = projection(blueprint, include, exclude);
  const all = [...entitiesFrom(context.store, identifier, 0)];
  return ok({
    entities: all.map((stored) => project(shown(context.store, stored, context.settings.unset), keep)),
  });
}

/** `properties.x` and `relations.x` are `x`, and the others are meta-properties. */
function bareName(path: string): string {
  return /^(?:properties|relations)\.(.+)$/.exec(path)?.[1] ?? `$${path}`;
}

function checkedLimit(limit: unknown = 200): number {
  if (typeof limit !== "number" || limit < 1 || limit > 1000)
    throw invalid("body/limit must be a number, 1 to 1000");
  return Math.floor(limit);
}

/** A page's address: the creation order of its first entity, made opaque. */
function next(stored: Stored): string {
  return Buffer.from(`from:${stored.sequence}`).toString("base64url");
}

function cursor(from: unknown): number {
  if (from === undefined) return 0;
  const sequence = /^from:(\d+)$/.exec(Buffer.from(String(from), "base64url").toString())?.[1];
  if (sequence === undefined) throw invalid("body/from is not a `next` of an earlier answer");
  return Number(sequence);
}

function* matching(store: Store, blueprint: Blueprint, query: unknown, sequence: number): Generator<Stored> {
  if (query === undefined) return yield* entitiesFrom(store, blueprint.identifier, sequence);
  const candidates = remembered(store, blueprint, query);
  if (Array.isArray(candidates)) {
    for (const stored of candidates) if (stored.sequence >= sequence) yield stored;
    return;
  }
  for (const stored of entitiesFrom(store, blueprint.identifier, sequence))
    if (candidates(stored)) yield stored;
}

type Remembered = { readonly version: number; readonly result: Stored[] | ((stored: Stored) => boolean) };

const memories = new WeakMap<Store, Map<string, Remembered>>();

/** Answers the next page of an unchanged catalog without working the query out again. */
function remembered(store: Store, blueprint: Blueprint, query: unknown): Remembered["result"] {
  const memory = memories.get(store) ?? new Map<string, Remembered>();
  memories.set(store, memory);
  const key = `${blueprint.identifier} ${JSON.stringify(query)}`;
  const old = memory.get(key);
  if (old?.version === store.version) return old.result;
  const { matches, candidates } = compiled(store, blueprint, query);
  const result = candidates && [...candidates].filter(matches).sort((a, b) => a.sequence - b.sequence);
  if (memory.size >= 16) memory.clear();
  memory.set(key, { version: store.version, result: result ?? matches });
  return result ?? matches;
}
