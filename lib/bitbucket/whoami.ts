import { isOutOfTime } from "../errors.ts";
import type { HttpAnswer, HttpRequest } from "../http/request.ts";

type Call = Pick<HttpRequest, "method" | "operation" | "plain" | "maxBytes" | "retries">;

/**
 * @returns whom Bitbucket takes the configured login for: a user's name, "" for nobody,
 *   or undefined where it does not tell
 * @throws AbortError, TimeoutError where the run's time is up
 * @see https://confluence.atlassian.com/bitbucketserver, "applinks": the name in plain text, nothing for nobody
 */
export async function whoami(
  host: string,
  send: (url: string, call: Call) => Promise<HttpAnswer>,
): Promise<string | undefined> {
  try {
    const call: Call = { method: "GET", operation: "GET whoami", plain: true, maxBytes: 1_000, retries: 1 };
    const { text } = await send(`${host}/plugins/servlet/applinks/whoami`, call);
    const name = text.trim();
    // A page (of a log-in, or a proxy's) is no name.
    return /^[^<>\r\n]{0,255}$/.test(name) ? name : undefined;
  } catch (error) {
    if (isOutOfTime(error)) throw error;
    return undefined;
  }
}
