import type { EntityKey } from "../port/entity.ts";
import type { Remembered } from "./plan.ts";

/**
 * What a process remembers between batches. It saves calls and catches events that arrive out of order; nothing is
 * wrong without it, because Port is asked where it says nothing.
 */
export interface Memory {
  /** True when the entity is known to be in Port. */
  exists(key: EntityKey): boolean;
  found(key: EntityKey): void;
  forget(key: EntityKey): void;
  recall(key: EntityKey): Remembered | undefined;
  remember(key: EntityKey, what: Remembered): void;
}

/** @param limit entities that are remembered; past it the ones that were not asked for the longest go */
export function createMemory(limit = 50_000): Memory {
  const known = new Set<EntityKey>();
  const recent = new Map<EntityKey, Remembered>();

  return {
    exists(key) {
      // What is asked for often stays.
      if (!known.delete(key)) return false;
      known.add(key);
      return true;
    },
    found(key) {
      known.add(key);
      dropOldest(known, limit);
    },
    forget(key) {
      known.delete(key);
    },
    recall: (key) => recent.get(key),
    remember(key, what) {
      recent.delete(key);
      recent.set(key, what);
      dropOldest(recent, limit);
    },
  };
}

/** Sets and maps keep the order of insertion. */
function dropOldest(collection: Set<EntityKey> | Map<EntityKey, unknown>, limit: number): void {
  for (const key of collection.keys()) {
    if (collection.size <= limit) return;
    collection.delete(key);
  }
}
