import { proxyRefusedLogin, RequestError, type RequestFailure } from "../errors.ts";
import { fullJitter, wait } from "../time.ts";
import { type AttemptOptions, attemptOnce, notJson, timedOut } from "./attempt.ts";
import type { HttpAnswer, HttpRequest } from "./request.ts";
import { restMs, shortestRestMs } from "./retry-after.ts";
import { isCertificateFault } from "./tls-faults.ts";

/** What came of an attempt. */
export type Outcome = HttpAnswer | RequestError;
/** Goes around each attempt: may put it off, look at what came of it, or throw instead of making it. */
export type Around = (attempt: () => Promise<Outcome>, signal: AbortSignal | undefined) => Promise<Outcome>;

/** How a client behaves; all times in ms. */
export interface HttpOptions extends AttemptOptions {
  /** Attempts after the first. */
  readonly retries: number;
  /** The same for answers that only ask for patience (429); default: `retries`. */
  readonly retriesWhenLimited?: number;
  /** The same after attempts that took all of their time: what does not answer, or whose answer has no end; default: 1. */
  readonly retriesWhenSlow?: number;
  /** The longest wait that is spent here; where a longer one is asked for, the call fails and says how long. */
  readonly maxWaitMs: number;
  /** Ends every wait, and no new attempt begins; those under way come to their end. */
  readonly stop?: AbortSignal;
  readonly around?: Around;
}

/** What a client has asked of its service so far. */
export interface CallCounts {
  /** Calls made, tokens and retries included. */
  calls(): number;
  /** How many of them were answered with 429. */
  throttled(): number;
}

export interface Http extends CallCounts {
  send(request: HttpRequest): Promise<HttpAnswer>;
}

const backoffBaseMs = 200;
const backoffCapMs = 10_000;

/**
 * A client that retries what may pass: network errors, timeouts, 408, 429 and 5xx, with full jitter, or as long
 * as `Retry-After` says. Refused credentials (401, 403) are never retried: Bitbucket answers repeated failures
 * with a CAPTCHA that locks the account.
 * @throws RequestError for every status outside 2xx and `accept`, and when no answer came.
 */
export function createHttp(options: HttpOptions): Http {
  let calls = 0;
  let throttled = 0;

  const around: Around = options.around ?? ((attempt) => attempt());

  async function send(request: HttpRequest): Promise<HttpAnswer> {
    const tried = { limited: 0, slow: 0, failed: 0 };
    const mostFailed = Math.min(request.retries ?? options.retries, options.retries);
    const most = {
      limited: options.retriesWhenLimited ?? options.retries,
      slow: Math.min(options.retriesWhenSlow ?? 1, mostFailed),
      failed: mostFailed,
    };
    const waiting = eitherOf(request.signal, options.stop);
    const began = performance.now();
    for (;;) {
      const outcome = await around(async () => {
        waiting?.throwIfAborted();
        calls++;
        return attemptOnce(request, options);
      }, waiting);
      if (!(outcome instanceof RequestError)) return outcome;
      request.signal?.throwIfAborted();
      const { failure } = outcome;
      const kind = failure.status === 429 ? "limited" : failure.code === timedOut ? "slow" : "failed";
      if (kind === "limited") throttled++;
      if (tried[kind] >= most[kind] || !mayPass(failure)) throw outcome;
      const pauseMs = pauseFor(failure, tried[kind]);
      if (pauseMs > options.maxWaitMs) throw tooLong(outcome);
      if (performance.now() - began + pauseMs > (request.retryForMs ?? Number.POSITIVE_INFINITY))
        throw outcome;
      tried[kind]++;
      await wait(pauseMs, waiting);
    }
  }

  return { send, calls: () => calls, throttled: () => throttled };
}

/** As long as the service asks for; our own where it asks for nothing, or for so little that we would never rest. */
function pauseFor({ status, retryAfterMs = 0 }: RequestFailure, attempt: number): number {
  if (retryAfterMs >= shortestRestMs) return retryAfterMs;
  if (status === 429) return restMs(attempt);
  return Math.max(retryAfterMs, fullJitter(attempt, backoffBaseMs, backoffCapMs));
}

/** Says how long the service asks to wait, where that is what the call fails for. */
function tooLong(error: RequestError): RequestError {
  const { retryAfterMs } = error.failure;
  if (retryAfterMs === undefined) return error;
  const minutes = Math.ceil(retryAfterMs / 60_000);
  const asked = minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
  return new RequestError(error.failure, `it asks to wait for ${asked}, which is too long to wait here`);
}

/** A signal that aborts when one of them does. */
export function eitherOf(
  one: AbortSignal | undefined,
  other: AbortSignal | undefined,
): AbortSignal | undefined {
  return one === undefined || other === undefined ? (one ?? other) : AbortSignal.any([one, other]);
}

function mayPass({ status, code = "" }: RequestFailure): boolean {
  // As refused credentials: a proxy may lock the account.
  if (code === proxyRefusedLogin) return false;
  // A certificate is the same a moment later.
  if (status === undefined) return !isCertificateFault(code);
  return status === 408 || status === 429 || status >= 500 || code === notJson;
}
