import { ProxyError } from "./errors.ts";
import { explainProxy } from "./explain-proxy.ts";
import { type ProxySettings, readProxy } from "./proxy.ts";

/** What it is when no connection comes about: where there is a proxy, none to the proxy. */
const unconnected = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_NONAME",
  "EAI_NODATA",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
];

/**
 * What a proxy did in place of leading to an address: its answer's status, or why it could not be reached.
 * @param error what `fetch` or a client of the AWS SDK threw
 * @returns e.g. `proxy_407` or `proxy_ECONNREFUSED`; undefined when it was not the proxy
 */
export function proxyFailure(
  error: unknown,
  url: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const answered = /^Proxy response \((\d{3})\)/.exec(cause.message)?.[1] ?? tunnelStatus(cause);
    if (answered !== undefined) return `proxy_${answered}`;
    const code = "code" in cause ? String(cause.code) : "";
    if (code === "ERR_PROXY_TUNNEL") return `proxy_${code}`;
    if (unconnected.includes(code)) return goesByProxy(url, readProxy(env)) ? `proxy_${code}` : undefined;
  }
  return undefined;
}

/**
 * Gives the handler of a failed call of the AWS SDK: a proxy that is to blame is named.
 * @param what where the call should have gone, e.g. `SQS`
 * @param request the call as the SDK knows it
 */
export function blamingProxy(what: string, request: unknown): (error: unknown) => never {
  const { protocol, hostname, port } = request as { protocol: string; hostname: string; port?: number };
  const url = `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
  return (error) => blameProxy(error, url, what);
}

/** Throws a ProxyError for what the proxy is to blame for, anything else as it is. */
export function blameProxy(error: unknown, url: string, what: string): never {
  const code = proxyFailure(error, url);
  throw code === undefined ? error : new ProxyError(code, explainProxy(code, what));
}

function tunnelStatus(error: Error): number | undefined {
  const tunnel = "code" in error && error.code === "ERR_PROXY_TUNNEL";
  return tunnel && "statusCode" in error && typeof error.statusCode === "number"
    ? error.statusCode
    : undefined;
}

/** As Node.js itself decides. */
function goesByProxy(url: string, settings: ProxySettings | undefined): boolean {
  const { protocol, hostname, port } = new URL(url);
  if ((protocol === "http:" ? settings?.HTTP_PROXY : settings?.HTTPS_PROXY) === undefined) return false;
  const ownPort = port || (protocol === "http:" ? "80" : "443");
  if (settings?.NO_PROXY === "*") return false;
  return !settings?.NO_PROXY.split(",").some((entry) => {
    const [, host = entry, itsPort = ownPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
    if (itsPort !== ownPort) return false;
    return /^[.*]/.test(host)
      ? hostname.endsWith(host.replace(/^\*/, "").toLowerCase())
      : hostname === host.toLowerCase();
  });
}
