import { RequestError } from "../errors.ts";
import { wait } from "../time.ts";

/** Holds calls back while Port's rate limit is used up. */
export interface Pace {
  before(signal: AbortSignal | undefined): Promise<void>;
  after(headers: Headers): void;
}

/** A `reset` above this is epoch seconds, below it is seconds from now: Port sends both. */
const epochThreshold = 10_000;

/**
 * Follows `x-ratelimit-remaining` and `x-ratelimit-reset`: when nothing remains, calls wait until the reset.
 * @param maxWaitMs a longer wait is not spent here: the call fails with the time in `retryAfterMs`
 * @param now epoch ms
 */
export function createPace(maxWaitMs: number, now = Date.now): Pace {
  let closedUntil = 0;

  return {
    async before(signal) {
      for (let pauseMs = closedUntil - now(); pauseMs > 0; pauseMs = closedUntil - now()) {
        if (pauseMs > maxWaitMs) {
          throw new RequestError({
            service: "port",
            operation: "any call",
            status: 429,
            code: "rate_limit",
            retryAfterMs: pauseMs,
          });
        }
        await wait(pauseMs, signal);
      }
    },
    after(headers) {
      const reset = Number(headers.get("x-ratelimit-reset") ?? Number.NaN);
      if (headers.get("x-ratelimit-remaining") !== "0" || !(reset > 0)) return;
      closedUntil = reset > epochThreshold ? reset * 1000 : now() + reset * 1000;
    },
  };
}
