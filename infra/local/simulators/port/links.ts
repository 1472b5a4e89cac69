import type { Store, Stored } from "./stored.ts";

export function entityKey(blueprint: string, identifier: string): string {
  return `${blueprint}\u0000${identifier}`;
}

/** Those that relate to this entity by any relation. */
export function dependentsOf(store: Store, stored: Stored): ReadonlySet<Stored> {
  return store.dependents.get(entityKey(stored.blueprint, stored.identifier)) ?? new Set();
}

/** The identifiers that one relation of an entity names. */
export function related(stored: Stored, relation: string): readonly string[] {
  const value = stored.relations[relation];
  if (value === undefined || value === null) return [];
  return typeof value === "string" ? [value] : value;
}

/** Indexes an entity's relations anew. */
export function relink(store: Store, stored: Stored): void {
  unlink(store, stored);
  const relations = store.blueprints.get(stored.blueprint)?.relations ?? {};
  stored.targets = Object.keys(stored.relations).flatMap((name) =>
    related(stored, name).map((identifier) => entityKey(relations[name]?.target ?? "", identifier)),
  );
  for (const key of stored.targets) {
    const dependents = store.dependents.get(key);
    if (dependents === undefined) store.dependents.set(key, new Set([stored]));
    else dependents.add(stored);
  }
  store.version++;
}

/** Takes an entity's relations out of the index. */
export function unlink(store: Store, stored: Stored): void {
  for (const key of stored.targets) {
    const dependents = store.dependents.get(key);
    dependents?.delete(stored);
    if (dependents?.size === 0) store.dependents.delete(key);
  }
}
