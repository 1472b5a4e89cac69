import { dependentsOf, related } from "./links.ts";
import { invalid } from "./refusals.ts";
import { find, findByKey } from "./store.ts";
import type { Store, Stored } from "./stored.ts";

export type Direction = "upstream" | "downstream";

/** Everything reached from some entities, over any number of hops unless only one counts; `required` follows only such relations. */
export function reached(
  store: Store,
  starts: readonly Stored[],
  direction: Direction,
  required: boolean | undefined,
): Set<Stored> {
  const found = new Set<Stored>();
  const queue = [...starts];
  for (let stored = queue.pop(); stored !== undefined; stored = queue.pop()) {
    for (const next of neighbours(store, stored, direction, required)) {
      if (found.has(next)) continue;
      found.add(next);
      if (!store.oneHop) queue.push(next);
    }
  }
  for (const start of starts) found.delete(start);
  return found;
}

function* neighbours(store: Store, stored: Stored, direction: Direction, required: boolean | undefined) {
  if (direction === "downstream") {
    for (const dependent of dependentsOf(store, stored)) {
      if (required === undefined || relatesBy(store, dependent, stored, required)) yield dependent;
    }
    return;
  }
  for (const key of stored.targets) {
    const target = findByKey(store, key);
    if (target !== undefined && (required === undefined || relatesBy(store, stored, target, required)))
      yield target;
  }
}

function relatesBy(store: Store, from: Stored, to: Stored, required: boolean): boolean {
  return Object.entries(store.blueprints.get(from.blueprint)?.relations ?? {}).some(
    ([name, schema]) =>
      schema.target === to.blueprint &&
      (schema.required === true) === required &&
      related(from, name).includes(to.identifier),
  );
}

/** The entities of `blueprint` from which the path of relations leads to one of the identifiers. */
export function leadingTo(
  store: Store,
  blueprint: string,
  path: readonly string[],
  identifiers: readonly string[],
) {
  const along = blueprintsAlong(store, blueprint, path);
  let ends = found(store, along.at(-1) ?? blueprint, identifiers);
  for (let hop = path.length - 1; hop >= 0; hop--) {
    const [name, from] = [path[hop] ?? "", along[hop]];
    const previous = new Set<Stored>();
    for (const end of ends) {
      for (const dependent of dependentsOf(store, end)) {
        if (dependent.blueprint === from && related(dependent, name).includes(end.identifier))
          previous.add(dependent);
      }
    }
    ends = previous;
  }
  return ends;
}

/** The entities of `blueprint` to which the path leads from one of the identifiers of `start`. */
export function reachedFrom(
  store: Store,
  blueprint: string,
  start: string,
  path: readonly string[],
  identifiers: readonly string[],
): Set<Stored> {
  const along = blueprintsAlong(store, start, path);
  if (along.at(-1) !== blueprint) throw invalid(`the path from "${start}" does not end at "${blueprint}"`);
  let ends = found(store, start, identifiers);
  for (const [hop, name] of path.entries()) {
    const next = along[hop + 1] ?? "";
    ends = new Set([...ends].flatMap((stored) => [...found(store, next, related(stored, name))]));
  }
  return ends;
}

export function found(store: Store, blueprint: string, identifiers: readonly string[]): Set<Stored> {
  const entities = identifiers.map((identifier) => find(store, blueprint, identifier));
  return new Set(entities.filter((stored) => stored !== undefined));
}

/** The blueprints that a path of relations passes, the first and the last included. */
function blueprintsAlong(store: Store, start: string, path: readonly string[]): string[] {
  const along = [start];
  for (const name of path) {
    const target = store.blueprints.get(along.at(-1) ?? "")?.relations?.[name]?.target;
    if (target === undefined) throw invalid(`"${name}" is not a relation of blueprint "${along.at(-1)}"`);
    along.push(target);
  }
  return along;
}
