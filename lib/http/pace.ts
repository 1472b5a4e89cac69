import { RequestError, type Service } from "../errors.ts";
import { wait, waitFor } from "../time.ts";
import type { Around } from "./client.ts";
import { restMs, retryAfterMs, shortestRestMs, usableWait } from "./retry-after.ts";

/** Holds calls back while a service's rate limit is used up. */
export interface Pace {
  /** Goes around each attempt. It throws RequestError where the wait is longer than may be spent here. */
  readonly around: Around;
  /** Gives the ms that the service asks calls to be held back for, where it does. */
  after(headers: Headers, status: number): number | undefined;
}

/** A `reset` above this is epoch seconds, below it is seconds from now: Port sends both. */
const epochThreshold = 10_000;
/** Epoch seconds stay below this for some thousand years. */
const epochMsThreshold = 100_000_000_000;

/**
 * Follows `x-ratelimit-remaining` and `x-ratelimit-reset` (Port) and a 429's `Retry-After` (both): when nothing
 * remains, all calls wait, not only the one that was told so. After a 429 that does not say how long, or not for as much
 * as a second, they rest, longer each time that it comes again. Then one call goes ahead, and the others wait for what
 * becomes of it: all at once they would only be refused together.
 * @param maxWaitMs a longer wait is not spent here: the call fails, with the time in `retryAfterMs` where it was asked for
 * @param now epoch ms
 */
export function createPace(service: Service, maxWaitMs: number, now = Date.now): Pace {
  let askedUntil = 0;
  let restUntil = 0;
  /** Refusals in a row, those of calls side by side counted once. */
  let refusals = 0;
  let refusedAt = 0;
  let ahead: Promise<void> | undefined;

  function tooLong(pauseMs: number): RequestError {
    const asked = askedUntil > now() ? { retryAfterMs: pauseMs } : {};
    return new RequestError({ service, operation: "any call", status: 429, code: "rate_limit", ...asked });
  }

  /** Gives what has to be done after the call. */
  async function getTurn(signal: AbortSignal | undefined): Promise<() => void> {
    for (;;) {
      const pauseMs = Math.max(askedUntil, restUntil) - now();
      if (pauseMs > maxWaitMs) throw tooLong(pauseMs);
      if (pauseMs > 0) await wait(pauseMs, signal);
      else if (refusals === 0) return () => {};
      else if (ahead !== undefined) await waitFor(ahead, signal);
      else {
        const { promise, resolve } = Promise.withResolvers<void>();
        ahead = promise;
        return () => {
          ahead = undefined;
          resolve();
        };
      }
    }
  }

  return {
    async around(attempt, signal) {
      const done = await getTurn(signal);
      const began = now();
      try {
        const outcome = await attempt();
        const { status } = outcome instanceof RequestError ? outcome.failure : outcome;
        // What was under way when another was refused says nothing new.
        if (status === undefined || (refusals > 0 && began <= refusedAt)) return outcome;
        if (status !== 429) refusals = 0;
        else {
          refusedAt = now();
          if (askedUntil - refusedAt < shortestRestMs) restUntil = refusedAt + restMs(refusals);
          refusals++;
        }
        return outcome;
      } finally {
        done();
      }
    },
    after(headers, status) {
      const asked = status === 429 ? retryAfterMs(headers, now()) : undefined;
      const reset = headers.get("x-ratelimit-remaining") === "0" ? resetMs(headers, now()) : undefined;
      askedUntil = Math.max(askedUntil, now() + Math.max(asked ?? 0, reset ?? 0));
      return askedUntil > now() ? askedUntil - now() : undefined;
    },
  };
}

/** `x-ratelimit-reset`, seconds to go, epoch seconds or epoch ms, in ms from now. */
function resetMs(headers: Headers, now: number): number | undefined {
  const reset = Number(headers.get("x-ratelimit-reset") ?? Number.NaN);
  if (reset <= epochThreshold) return usableWait(reset * 1000);
  return usableWait((reset < epochMsThreshold ? reset * 1000 : reset) - now);
}
