import { RequestError, type RequestFailure, type Service, serviceNames } from "../errors.ts";
import { explainProxy } from "../explain-proxy.ts";
import { parseJson } from "../json.ts";
import { proxyFailure } from "../proxy-failure.ts";
import { errorCode, networkCode, readBody, redirectTarget } from "./answer.ts";
import type { HttpAnswer, HttpRequest } from "./request.ts";
import { retryAfterMs } from "./retry-after.ts";

/** How an attempt is made. */
export interface AttemptOptions {
  readonly service: Service;
  readonly userAgent: string;
  /** For one attempt, in ms. */
  readonly timeoutMs: number;
  /** Sees each answer's headers and status; may say how long a 429 without `Retry-After` asks to wait, in ms. */
  readonly afterAttempt?: (headers: Headers, status: number) => number | undefined;
}

/** The code of a failure because time for an attempt was up: no answer, or one without an end. */
export const timedOut = "TimeoutError";
/** The code of an answer that is no JSON where JSON was due. */
export const notJson = "not_json";

/** Bytes. */
const largestError = 100_000;

/**
 * Makes a call once, and gives what went wrong instead of throwing it.
 * @throws AbortError when the request's own signal ends it
 */
export async function attemptOnce(
  request: HttpRequest,
  options: AttemptOptions,
): Promise<HttpAnswer | RequestError> {
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
    const bytes = await readBody(response, mostOf(request, response));
    if (bytes === undefined)
      return new RequestError({ ...named, status: response.status, code: "too_large" });
    const text = new TextDecoder().decode(bytes);
    const json = request.plain && response.ok ? undefined : parseJson(text);
    const plain = request.plain ? { bytes } : {};
    answer = { status: response.status, headers: response.headers, text, json, ...plain };
  } catch (error) {
    request.signal?.throwIfAborted();
    const byProxy = proxyFailure(error, request.url);
    if (byProxy === undefined)
      return new RequestError({ ...named, code: timeout.aborted ? timedOut : networkCode(error) });
    return new RequestError(
      { ...named, code: byProxy },
      explainProxy(byProxy, serviceNames[options.service]),
    );
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
    redirectsTo: answer.status < 400 ? redirectTarget(answer.headers, request.url) : undefined,
    retryAfterMs: retryAfterMs(answer.headers) ?? (answer.status === 429 ? heldBackMs : undefined),
  });
}

/** Of an error enough is read to understand it, however little of the content is wanted. */
function mostOf({ maxBytes }: HttpRequest, { ok }: Response): number | undefined {
  return maxBytes === undefined || ok ? maxBytes : Math.max(maxBytes, largestError);
}
