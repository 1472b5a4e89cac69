import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";
import type { Random } from "./random.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** What of this process the world replaces: time, chance and the network. */
export interface Surroundings {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly fetch: typeof globalThis.fetch;
}

/**
 * Puts the process into a world of its own: `Date.now`, waits by `node:timers/promises`, `Math.random` and `fetch` are
 * the world's. Time limits (`AbortSignal.timeout`) stay real, as a world's hours pass in seconds.
 * @returns what puts everything back
 */
export function surround({ clock, random, fetch }: Surroundings): () => void {
  const before = {
    now: Date.now,
    random: Math.random,
    fetch: globalThis.fetch,
    setTimeout: timers.setTimeout,
  };
  Date.now = clock.now;
  Math.random = random.next;
  globalThis.fetch = fetch;
  const sleep = async <Value>(ms = 0, value?: Value, options: { signal?: AbortSignal } = {}) => {
    await clock.sleep(ms, options.signal);
    return value as Value;
  };
  Object.assign(timers, { setTimeout: sleep });
  syncBuiltinESMExports();
  return () => {
    Date.now = before.now;
    Math.random = before.random;
    globalThis.fetch = before.fetch;
    Object.assign(timers, { setTimeout: before.setTimeout });
    syncBuiltinESMExports();
  };
}
