import type { Service } from "../errors.ts";
import { userAgent } from "../version.ts";
import { type Around, createHttp, type Http } from "./client.ts";
import { createGate } from "./gate.ts";
import { createPace } from "./pace.ts";

/** How patient a client is. */
export interface ClientOptions {
  /** ms for one attempt. */
  readonly timeoutMs?: number;
  /** Attempts after the first for network errors and 5xx. */
  readonly retries?: number;
  /** The same for 429; default: `retries`. */
  readonly retriesWhenLimited?: number;
  /** The same for attempts that took all of their time; default: 1. */
  readonly retriesWhenSlow?: number;
  /** The longest wait, in ms, that a call spends on rate limits and retries before it fails. */
  readonly maxWaitMs: number;
  /** Calls under way at once; default: as many as are made. */
  readonly concurrency?: number;
  /** Ends every call and wait. */
  readonly signal?: () => AbortSignal | undefined;
  /** Ends every wait, and no new call begins; calls under way come to their end. */
  readonly stop?: AbortSignal | undefined;
  readonly around?: Around;
}

/** The HTTP client of a service: paced by its rate limit, never more calls at once than allowed. */
export function createServiceHttp(service: Service, options: ClientOptions): Http {
  const { timeoutMs = 15_000, retries = 2, maxWaitMs, concurrency = Number.POSITIVE_INFINITY } = options;
  const around: Around = options.around ?? ((attempt) => attempt());
  const pace = createPace(service, maxWaitMs);
  const gate = createGate(concurrency);
  const http = createHttp({
    service,
    userAgent,
    timeoutMs,
    retries,
    maxWaitMs,
    ...(options.retriesWhenLimited === undefined ? {} : { retriesWhenLimited: options.retriesWhenLimited }),
    ...(options.retriesWhenSlow === undefined ? {} : { retriesWhenSlow: options.retriesWhenSlow }),
    ...(options.stop === undefined ? {} : { stop: options.stop }),
    around: (attempt, signal) => pace.around(() => around(attempt, signal), signal),
    afterAttempt: pace.after,
  });
  return { ...http, send: (request) => gate(() => http.send(request)) };
}
