import { isRefusedLogin, RequestError } from "../errors.ts";

/**
 * The same error with words for an operator, where it is about the log-in or what it may do.
 * @param authorization the value of the header that was sent
 */
export function explainRefusal(error: RequestError, authorization: string): RequestError {
  const { status, code = "" } = error.failure;
  if (status !== 401 && status !== 403) return error;
  const settings = authorization.startsWith("Bearer ")
    ? "BITBUCKET_TOKEN"
    : "BITBUCKET_USERNAME and BITBUCKET_PASSWORD";
  const advice = code.startsWith("Captcha")
    ? "it wants a CAPTCHA solved: log in as this user with a browser, or use BITBUCKET_TOKEN"
    : isRefusedLogin(error)
      ? `it does not accept ${settings}`
      : `the user of ${settings} may not see this`;
  return new RequestError(error.failure, advice);
}
