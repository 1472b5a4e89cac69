/** What was learned a while ago, by key, as much of it as there is room for. */
export interface Shelf<Key, Value> {
  /** What was put under the key, unless it is too old. What is asked for often stays, and does not get younger. */
  take(key: Key): Value | undefined;
  put(key: Key, value: Value): void;
  drop(key: Key): void;
}

/**
 * @param limit of items; past it the ones that were not asked for the longest go
 * @param maxAgeMs for so long one is kept
 * @param now epoch ms
 */
export function createShelf<Key, Value>(
  limit: number,
  maxAgeMs: number,
  now: () => number,
): Shelf<Key, Value> {
  /** In the order in which they go. */
  const items = new Map<Key, { readonly value: Value; readonly at: number }>();

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
