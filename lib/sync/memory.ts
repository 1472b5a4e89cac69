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

export interface MemoryOptions {
  /** Entities that are remembered; past it the ones that were not asked for the longest go. */
  readonly limit?: number;
  /** For so long, in ms, something is remembered: by then others may have changed it. */
  readonly maxAgeMs?: number;
  /** Epoch ms. */
  readonly now?: () => number;
}

const defaultLimit = 50_000;
const defaultMaxAgeMs = 10 * 60_000;

export function createMemory({
  limit = defaultLimit,
  maxAgeMs = defaultMaxAgeMs,
  now = () => Date.now(),
}: MemoryOptions = {}): Memory {
  const known = createShelf<EntityKey>(limit, maxAgeMs, now);
  const recent = createShelf<Remembered>(limit, maxAgeMs, now);

  return {
    exists: (key) => known.take(key) !== undefined,
    found: (key) => known.put(key, key),
    forget: known.drop,
    recall: recent.take,
    remember: recent.put,
  };
}

interface Shelf<Value> {
  /** What was put under the key, unless it is too old. What is asked for often stays, and does not get younger. */
  take(key: EntityKey): Value | undefined;
  put(key: EntityKey, value: Value): void;
  drop(key: EntityKey): void;
}

function createShelf<Value>(limit: number, maxAgeMs: number, now: () => number): Shelf<Value> {
  /** In the order in which they go. */
  const items = new Map<EntityKey, { readonly value: Value; readonly at: number }>();

  return {
    take(key) {
      const item = items.get(key);
      items.delete(key);
      if (item === undefined || now() - item.at >= maxAgeMs) return undefined;
      items.set(key, item);
      return item.value;
    },
    put(key, value) {
      items.delete(key);
      items.set(key, { value, at: now() });
      for (const oldest of items.keys()) {
        if (items.size <= limit) break;
        items.delete(oldest);
      }
    },
    drop: (key) => void items.delete(key),
  };
}
