import { isRefusedLogin, RequestError } from "../errors.ts";
import type { Around, Outcome } from "../http/client.ts";
import { waitFor } from "../time.ts";
import { explainRefusal } from "./refused-login.ts";

/** Refusals in a row after which no more calls are made for a while: fewer than Bitbucket allows before a CAPTCHA. */
const mostRefusals = 3;
const pauseMs = 60_000;

/**
 * Watches for refused log-ins: Bitbucket answers five of them with a CAPTCHA that locks the account. As long as a log-in
 * is not proven, one call goes ahead and the others wait for what becomes of it; when it is refused they are as well,
 * unsent. What was under way when a log-in ceased to be accepted cannot be called back.
 * @param authorization the value of the header
 * @param now epoch ms
 * @returns what goes around each attempt; it throws RequestError while the log-in is known to be refused
 */
export function createLoginWatch(authorization: string, now = Date.now): Around {
  let proven = false;
  /** The call that goes ahead. */
  let ahead: Promise<void> | undefined;
  let refusals = 0;
  let last: { readonly error: RequestError; readonly at: number } | undefined;

  /** Gives what has to be done after the call. */
  async function getTurn(signal: AbortSignal | undefined): Promise<() => void> {
    while (!proven) {
      if (last !== undefined && refusals >= mostRefusals) {
        if (now() - last.at < pauseMs) throw last.error;
        refusals = 0;
      }
      if (ahead === undefined) {
        const { promise, resolve } = Promise.withResolvers<void>();
        ahead = promise;
        return () => {
          ahead = undefined;
          resolve();
        };
      }
      const before = last;
      await waitFor(ahead, signal);
      if (last !== undefined && last !== before) throw last.error;
    }
    return () => {};
  }

  function judge(outcome: Outcome, before: typeof last): Outcome {
    if (!(outcome instanceof RequestError) || !isRefusedLogin(outcome)) {
      // What was sent before a log-in was refused does not prove it now.
      if (isByBitbucket(outcome) && last === before) {
        proven = true;
        refusals = 0;
      }
      return outcome instanceof RequestError ? explainRefusal(outcome, authorization) : outcome;
    }
    const error = explainRefusal(outcome, authorization);
    proven = false;
    refusals++;
    last = { error, at: now() };
    return error;
  }

  return async (attempt, signal) => {
    const done = await getTurn(signal);
    const before = last;
    try {
      return judge(await attempt(), before);
    } finally {
      done();
    }
  };
}

/** An answer, or an error that carries the name of Bitbucket's exception: a proxy's says nothing about the log-in. */
function isByBitbucket(outcome: Outcome): boolean {
  const { status, code = "" } =
    outcome instanceof RequestError ? outcome.failure : { status: outcome.status };
  return !(outcome instanceof RequestError) || (status !== undefined && code.endsWith("Exception"));
}
