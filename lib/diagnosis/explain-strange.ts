import type { RequestError } from "../errors.ts";
import { isPlainHttp, type Target } from "./target.ts";

/** An answer that does not come from the service's own API: a proxy's, a log-in page, another application's. */
export function isStrange({ failure: { status = 0, code = "" } }: RequestError, target: Target): boolean {
  if (["unexpected_answer", "not_json", "no_token"].includes(code)) return true;
  // Bitbucket's own 404 names an exception, Port's is an identifier.
  if (status === 404) return !code.endsWith("Exception") && code !== "not_found";
  // What a server that wants TLS says to somebody who comes without.
  const isForTls = status === 400 && code === "" && isPlainHttp(target);
  return isForTls || (status >= 300 && status < 400);
}

export function explainStrange(error: RequestError, target: Target): string {
  const { name, setting } = target;
  const { status = 0 } = error.failure;
  const advice =
    name === "Port"
      ? "it should be https://api.getport.io/v1, or https://api.us.getport.io/v1."
      : "is the context path wrong or missing (as in https://host/bitbucket), or does a proxy or log-in page answer?";
  // A server that wants TLS says so, or leads to where it is spoken.
  const mayWantTls = isPlainHttp(target) && status >= 300 && status <= 400;
  const plain = mayWantTls ? " Or does it say http where it is https?" : "";
  return `what ${setting} leads to answers, but not as ${name}'s API${whatCame(error)}: ${advice}${plain}`;
}

function whatCame({ failure: { status, code, redirectsTo } }: RequestError): string {
  if (code === "not_json") return ` (${status} with a page or text that is no JSON)`;
  if (redirectsTo !== undefined) return ` (${status}, a redirect to ${redirectsTo})`;
  return status === undefined ? " (404, or something else than was asked for)" : ` (${status})`;
}
