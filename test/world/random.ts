/** Chance that can be had again: the same seed gives the same run. */
export interface Random {
  /** From 0 up to 1. */
  next(): number;
  /** A whole number below `end`. */
  below(end: number): number;
  chance(share: number): boolean;
  between(from: number, to: number): number;
  /** One of them. @throws Error when there is none */
  pick<Item>(items: readonly Item[]): Item;
  /** So many of them, each once, in any order. */
  some<Item>(items: readonly Item[], count: number): Item[];
  /** Another source, which does not disturb this one's order. */
  fork(): Random;
}

/** Mulberry32: small, and good enough to make a mess with. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (end: number) => Math.floor(next() * end);
  return {
    next,
    below,
    chance: (share) => next() < share,
    between: (from, to) => from + next() * (to - from),
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error("there is nothing to pick from");
      return item;
    },
    some(items, count) {
      const left = [...items];
      return Array.from({ length: Math.min(count, left.length) }, () =>
        left.splice(below(left.length), 1),
      ).flat();
    },
    fork: () => createRandom(Math.floor(next() * 2 ** 32)),
  };
}
