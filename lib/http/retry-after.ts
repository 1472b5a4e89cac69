import { epochMs } from "../time.ts";

/** No service means a longer wait than a day, in ms: what says so is broken, or its clock is. */
const longestWaitMs = 86_400_000;

/** After a 429 nobody asks again sooner than this, in ms, whatever it says: `Retry-After` counts in seconds. */
export const shortestRestMs = 1_000;
const longestRestMs = 60_000;

/** How long to rest after a 429 that does not say it, in ms: longer with each that came before, and by chance. */
export function restMs(before: number): number {
  return Math.min(longestRestMs, shortestRestMs * 2 ** before) * (1 + Math.random() / 2);
}

/** A wait as it can be obeyed, in ms; undefined for none, for one that is over, and for what is no number. */
export function usableWait(ms: number): number | undefined {
  return ms > 0 ? Math.min(ms, longestWaitMs) : undefined;
}

/**
 * `Retry-After` (seconds or an HTTP date) in ms from now, a day at most; of several the longest. Undefined where it
 * leaves nothing to wait for (0, a date that has passed, what nobody can read), as proxies send it.
 */
export function retryAfterMs(headers: Headers, now = Date.now()): number | undefined {
  const value = headers.get("retry-after") ?? "";
  if (/^\d+(\.\d+)?( ?, ?\d+(\.\d+)?)*$/.test(value)) {
    return usableWait(Math.ceil(Math.max(...value.split(",").map(Number)) * 1000));
  }
  // A weekday in front: else `Date.parse` takes `1, 2` and `-1` for dates as well.
  const date = epochMs(value) ?? (/^[A-Z][a-z]{2,8}, .* GMT$/.test(value) ? Date.parse(value) : Number.NaN);
  return usableWait(date - now);
}
