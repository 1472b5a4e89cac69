import { isForbidden, isRefusedLogin, type RequestError } from "../errors.ts";

/** What an answer of 401 or 403, or Port's that there is no blueprint, means; undefined for any other. */
export function explainRefusal(error: RequestError): string | undefined {
  const { service, status, code = "" } = error.failure;
  if (service === "port") return explainPort(error);
  if (/captcha/i.test(code)) {
    return (
      "Bitbucket asks for a CAPTCHA after too many failed log-ins: log in to it once in a browser as the user of " +
      "BITBUCKET_USERNAME, check BITBUCKET_PASSWORD, and try again; an HTTP access token (BITBUCKET_TOKEN) needs none"
    );
  }
  if (status !== 401 && status !== 403) return undefined;
  if (isForbidden(error)) {
    return (
      `Bitbucket does not let these credentials do that (${status} ${code}): give the user of BITBUCKET_TOKEN (or ` +
      "BITBUCKET_USERNAME) at least read permission on the projects and their repositories; is the token complete, not expired and not revoked?"
    );
  }
  const proxy = isRefusedLogin(error)
    ? ""
    : "; the words are not Bitbucket's own: does a proxy in front of it want a log-in?";
  return (
    `Bitbucket does not accept the credentials (${status}): is BITBUCKET_TOKEN complete, not expired and not revoked? ` +
    `Where BITBUCKET_USERNAME and BITBUCKET_PASSWORD are used: many sites turn that off, use an HTTP access token${proxy}`
  );
}

function explainPort({ failure: { status, code, operation } }: RequestError): string | undefined {
  if (status === 401) {
    return (
      "Port does not accept PORT_CLIENT_ID and PORT_CLIENT_SECRET at PORT_API_URL (401): are they complete, and of the " +
      "same region? EU is https://api.getport.io/v1 (the default), US https://api.us.getport.io/v1"
    );
  }
  if (status === 403) {
    return (
      "Port's credentials may not read and write blueprints and entities (403): use an organization's own client id " +
      "and secret"
    );
  }
  if (status === 404 && code === "not_found" && operation.includes("{blueprint}")) {
    return "Port has no such blueprint (404): create it with npm run setup, on AWS npx osls invoke -f setup";
  }
  return undefined;
}
