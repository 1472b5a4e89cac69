import { RequestError } from "../errors.ts";

/** Watches for refused log-ins: Bitbucket answers some of them in a row with a CAPTCHA that locks the account. */
export interface LoginWatch {
  /** @throws RequestError while the log-in is known to be refused, so that it is not tried over and over */
  check(): void;
  accepted(): void;
  /** The same error with words for an operator. */
  refused(error: RequestError): RequestError;
}

/** Refusals in a row after which no more calls are made for a while: fewer than Bitbucket allows before a CAPTCHA. */
const mostRefusals = 3;
const pauseMs = 60_000;

/**
 * @param authorization the value of the header
 * @param now epoch ms
 */
export function createLoginWatch(authorization: string, now = Date.now): LoginWatch {
  let refusals = 0;
  let last: { readonly error: RequestError; readonly at: number } | undefined;
  const settings = authorization.startsWith("Bearer ")
    ? "BITBUCKET_TOKEN"
    : "BITBUCKET_USERNAME and BITBUCKET_PASSWORD";

  return {
    check() {
      if (last === undefined || refusals < mostRefusals) return;
      if (now() - last.at < pauseMs) throw last.error;
      refusals = 0;
    },
    accepted() {
      refusals = 0;
    },
    refused(error) {
      const { status, code = "" } = error.failure;
      if (status !== 401 && status !== 403) return error;
      const wrongLogin = code.endsWith("AuthenticationException");
      const advice = code.startsWith("Captcha")
        ? "it wants a CAPTCHA solved: log in as this user with a browser, or use BITBUCKET_TOKEN"
        : wrongLogin
          ? `it does not accept ${settings}`
          : `the user of ${settings} may not see this`;
      const explained = new RequestError(error.failure, advice);
      if (wrongLogin) {
        refusals++;
        last = { error: explained, at: now() };
      }
      return explained;
    },
  };
}
