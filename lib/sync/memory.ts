import type { EntityKey } from "../port/entity.ts";
import { createShelf } from "../shelf.ts";
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
  const known = createShelf<EntityKey, EntityKey>(limit, maxAgeMs, now);
  const recent = createShelf<EntityKey, Remembered>(limit, maxAgeMs, now);

  return {
    exists: (key) => known.take(key) !== undefined,
    found: (key) => known.put(key, key),
    forget: known.drop,
    recall: recent.take,
    remember: recent.put,
  };
}
