import { isProxyCode, notSignedIn, RequestError, type Service } from "../errors.ts";
import { explainNetwork } from "./explain-network.ts";

/** What an operator calls each side, and the setting that leads to it. */
const names: Readonly<Record<Service, { readonly name: string; readonly host: string }>> = {
  bitbucket: { name: "Bitbucket", host: "BITBUCKET_HOST" },
  port: { name: "Port", host: "PORT_API_URL" },
};

/**
 * Says in plain words what is wrong with a side and what to do about it.
 * @throws the error itself when it did not come from a call
 */
export function explain(error: unknown): string {
  if (!(error instanceof RequestError)) throw error;
  const { service, status, code = "" } = error.failure;
  const { name, host } = names[service];
  if (isProxyCode(code)) return error.advice;
  if (code === notSignedIn) return `${name}: ${error.advice}`;
  if (/captcha/i.test(code)) {
    return (
      "Bitbucket asks for a CAPTCHA after too many failed log-ins: log in to it once in a browser as the user of " +
      "BITBUCKET_USERNAME, check BITBUCKET_PASSWORD, and try again; an HTTP access token (BITBUCKET_TOKEN) needs none"
    );
  }
  if (isStrange(error)) {
    return (
      `what ${host} leads to answers, but not as ${name}'s API${status === undefined ? "" : ` (${status})`}: ` +
      (service === "port"
        ? "it should be https://api.getport.io/v1, or https://api.us.getport.io/v1"
        : "is the context path wrong or missing (as in https://host/bitbucket), or does a proxy or log-in page answer?")
    );
  }
  if (status === undefined) return explainNetwork(code, name, host);
  if (status === 401 || status === 403) return explainRefusal(service, status);
  if (status === 429) return `${name} limits the rate of calls: try again later`;
  if (status >= 500)
    return `${name} answers ${status}: it is not well, or a proxy in front of it is; try again later`;
  return error.message;
}

/** An answer that does not come from the service's own API. */
function isStrange({ failure: { status, code } }: RequestError): boolean {
  const redirected = status !== undefined && status >= 300 && status < 400;
  return (
    code === "unexpected_answer" || code === "not_json" || code === "no_token" || status === 404 || redirected
  );
}

function explainRefusal(service: Service, status: number): string {
  if (service === "port") {
    return status === 401
      ? "Port does not accept PORT_CLIENT_ID and PORT_CLIENT_SECRET at PORT_API_URL: are they complete, and of the " +
          "same region? EU is https://api.getport.io/v1 (the default), US https://api.us.getport.io/v1"
      : "Port's credentials may not read and write blueprints (403): use an organization's own client id and secret";
  }
  return (
    `Bitbucket does not accept the credentials (${status}): is BITBUCKET_TOKEN complete, not expired and not revoked? ` +
    "Where BITBUCKET_USERNAME and BITBUCKET_PASSWORD are used: many sites turn that off, use an HTTP access token"
  );
}
