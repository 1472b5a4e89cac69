import { isProxyCode, notSignedIn, RequestError } from "../errors.ts";
import { explainNetwork } from "./explain-network.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { explainStrange, isStrange } from "./explain-strange.ts";
import { type Sides, type Target, targetOf, tried } from "./target.ts";

/**
 * Says in plain words what is wrong with a side: the setting, what came back, what to do about it, and what was tried.
 * @param sides whose addresses are shown
 * @throws the error itself when it did not come from a call
 */
export function explain(error: unknown, sides: Sides = {}): string {
  if (!(error instanceof RequestError)) throw error;
  const { service, operation } = error.failure;
  const target = targetOf(service, sides);
  const words = inWords(error, target);
  return `${words}${/[.?]$/.test(words) ? "" : "."} ${tried(operation, target)}`;
}

function inWords(error: RequestError, target: Target): string {
  const { name } = target;
  const { status, code = "", retryAfterMs } = error.failure;
  // lib/http knows better who failed there, and says what to do.
  if (isProxyCode(code)) return error.advice;
  if (code === notSignedIn) return `${name}: ${error.advice}`;
  const refusal = explainRefusal(error);
  if (refusal !== undefined) return refusal;
  if (isStrange(error, target)) return explainStrange(error, target);
  if (status === undefined) return explainNetwork(code, target);
  const asks = retryAfterMs === undefined ? "" : ` and asks for ${Math.ceil(retryAfterMs / 1000)} s`;
  if (status === 429) return `${name} limits the rate of calls${asks}: try again later`;
  if (status >= 500) {
    return `${name} answers ${status}${asks}: it is in maintenance or not well, or a proxy in front of it is; try again later`;
  }
  return error.message;
}

/** The same error with those words for its advice; any other error as it is. */
export function advised(error: unknown, sides: Sides): unknown {
  return error instanceof RequestError ? new RequestError(error.failure, explain(error, sides)) : error;
}

/** Whether it is no fault, and to wait is all there is to do. */
export function asksForPatience(error: unknown): boolean {
  const { status = 0 } = error instanceof RequestError ? error.failure : {};
  return status === 408 || status === 429 || status >= 500;
}
