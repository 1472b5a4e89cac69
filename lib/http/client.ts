import { RequestError, type RequestFailure, type Service } from "../errors.ts";
import { type Json, parseJson } from "../json.ts";
import { epochMs, fullJitter, wait } from "../time.ts";
import { errorCode, networkCode, readBody } from "./answer.ts";

/** How a client behaves; all times in ms. */
export interface HttpOptions {
  readonly service: Service;
  readonly userAgent: string;
  /** For one attempt. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly retries: number;
  /** The same for answers that only ask for patience (429); default: `retries`. */
  readonly retriesWhenLimited?: number;
  /** The longest wait that is spent here; where a longer one is asked for, the call fails and says how long. */
  readonly maxWaitMs: number;
  /** Ends every wait, and no new attempt begins; those under way come to their end. */
  readonly stop?: AbortSignal;
  /** Called before each attempt; may wait (pacing) or throw. */
  readonly beforeAttempt?: (signal: AbortSignal | undefined) => Promise<void>;
  /** Sees each answer's headers and status; may say how long a 429 without `Retry-After` asks to wait, in ms. */
  readonly afterAttempt?: (headers: Headers, status: number) => number | undefined;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  /** How errors and logs name this call: a pattern without values, e.g. `GET /projects/{key}`. */
  readonly operation: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
  /** Statuses besides 2xx that are answers rather than failures. */
  readonly accept?: readonly number[];
  /** Tells further failures that are answers. */
  readonly isAnswer?: (answer: HttpAnswer) => boolean;
  /** Takes any text; without it the answer's body has to be JSON (a proxy's HTML page is a failure). */
  readonly plain?: boolean;
  /** Reads no more of the body than this, in bytes. */
  readonly maxBytes?: number;
  /** Attempts after the first for network errors and 5xx, where there should be fewer than usual. */
  readonly retries?: number;
  /** ms for one attempt, where that should be less than usual. */
  readonly timeoutMs?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body when it is JSON; undefined for an empty body or plain text. */
  readonly json: Json | undefined;
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

const notJson = "not_json";
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

  async function send(request: HttpRequest): Promise<HttpAnswer> {
    const tried = { limited: 0, failed: 0 };
    const waiting = eitherOf(request.signal, options.stop);
    for (;;) {
      await options.beforeAttempt?.(waiting);
      waiting?.throwIfAborted();
      calls++;
      const outcome = await attemptOnce(request, options);
      if (!(outcome instanceof RequestError)) return outcome;
      request.signal?.throwIfAborted();
      const { failure } = outcome;
      const kind = failure.status === 429 ? "limited" : "failed";
      if (kind === "limited") throttled++;
      const retries =
        kind === "limited"
          ? (options.retriesWhenLimited ?? options.retries)
          : Math.min(request.retries ?? options.retries, options.retries);
      const pauseMs = failure.retryAfterMs ?? fullJitter(tried[kind], backoffBaseMs, backoffCapMs);
      if (tried[kind] >= retries || !mayPass(failure) || pauseMs > options.maxWaitMs) throw outcome;
      tried[kind]++;
      await wait(pauseMs, waiting);
    }
  }

  return { send, calls: () => calls, throttled: () => throttled };
}

function eitherOf(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  return one === undefined || other === undefined ? (one ?? other) : AbortSignal.any([one, other]);
}

async function attemptOnce(request: HttpRequest, options: HttpOptions): Promise<HttpAnswer | RequestError> {
  const timeout = AbortSignal.timeout(Math.min(request.timeoutMs ?? options.timeoutMs, options.timeoutMs));
  const named: RequestFailure = { service: options.service, operation: request.operation };
  let answer: HttpAnswer;
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: { "user-agent": options.userAgent, accept: "application/json", ...request.headers },
      body: request.body ?? null,
      redirect: "manual",
      signal: request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]),
    });
    const text = await readBody(response, request.maxBytes);
    const json = request.plain && response.ok ? undefined : parseJson(text);
    answer = { status: response.status, headers: response.headers, text, json };
  } catch (error) {
    request.signal?.throwIfAborted();
    return new RequestError({ ...named, code: networkCode(error) });
  }
  const heldBackMs = options.afterAttempt?.(answer.headers, answer.status);
  const wanted = (answer.status >= 200 && answer.status < 300) || request.accept?.includes(answer.status);
  if (!wanted && request.isAnswer?.(answer)) return answer;
  const readable = request.plain || answer.text === "" || answer.json !== undefined;
  if (wanted && readable) return answer;
  return new RequestError({
    ...named,
    status: answer.status,
    code: wanted ? notJson : errorCode(answer.text),
    traceId: answer.headers.get("x-trace-id") ?? undefined,
    retryAfterMs: retryAfterMs(answer.headers) ?? (answer.status === 429 ? heldBackMs : undefined),
  });
}

function mayPass({ status, code }: RequestFailure): boolean {
  return status === undefined || status === 408 || status === 429 || status >= 500 || code === notJson;
}

/** `Retry-After` (seconds or an HTTP date) in ms from now. */
export function retryAfterMs(headers: Headers, now = Date.now()): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const date = epochMs(value) ?? Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
