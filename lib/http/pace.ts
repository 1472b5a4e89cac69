import { RequestError, type Service } from "../errors.ts";
import { wait } from "../time.ts";
import { retryAfterMs, usableWait } from "./retry-after.ts";

/** Holds calls back while a service's rate limit is used up. */
export interface Pace {
  before(signal: AbortSignal | undefined): Promise<void>;
  /** Gives the ms that calls are held back for, where they are. */
  after(headers: Headers, status: number): number | undefined;
}

/** A `reset` above this is epoch seconds, below it is seconds from now: Port sends both. */
const epochThreshold = 10_000;
/** Epoch seconds stay below this for some thousand years. */
const epochMsThreshold = 100_000_000_000;

/**
 * Follows `x-ratelimit-remaining` and `x-ratelimit-reset` (Port) and a 429's `Retry-After` (both): when nothing
 * remains, all calls wait, not only the one that was told so.
 * @param maxWaitMs a longer wait is not spent here: the call fails with the time in `retryAfterMs`
 * @param now epoch ms
 */
export function createPace(service: Service, maxWaitMs: number, now = Date.now): Pace {
  let closedUntil = 0;

  return {
    async before(signal) {
      for (let pauseMs = closedUntil - now(); pauseMs > 0; pauseMs = closedUntil - now()) {
        if (pauseMs > maxWaitMs) {
          throw new RequestError({
            service,
            operation: "any call",
            status: 429,
            code: "rate_limit",
            retryAfterMs: pauseMs,
          });
        }
        await wait(pauseMs, signal);
      }
    },
    after(headers, status) {
      const asked = status === 429 ? retryAfterMs(headers, now()) : undefined;
      const reset = headers.get("x-ratelimit-remaining") === "0" ? resetMs(headers, now()) : undefined;
      closedUntil = Math.max(closedUntil, now() + Math.max(asked ?? 0, reset ?? 0));
      return closedUntil > now() ? closedUntil - now() : undefined;
    },
  };
}

/** `x-ratelimit-reset`, seconds to go, epoch seconds or epoch ms, in ms from now. */
function resetMs(headers: Headers, now: number): number | undefined {
  const reset = Number(headers.get("x-ratelimit-reset") ?? Number.NaN);
  if (reset <= epochThreshold) return usableWait(reset * 1000);
  return usableWait((reset < epochMsThreshold ? reset * 1000 : reset) - now);
}
