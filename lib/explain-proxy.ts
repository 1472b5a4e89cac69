import { proxyRefusedLogin } from "./errors.ts";

const proxy = "the proxy in HTTPS_PROXY (on AWS: httpsProxy)";
const without = "put the host into NO_PROXY (noProxy) if it is to be reached without the proxy";

/**
 * Says what is wrong with the proxy and what to do about it.
 * @param code e.g. `proxy_407`, `proxy_ECONNREFUSED`
 * @param what it should have led to, e.g. `Bitbucket`
 */
export function explainProxy(code: string, what: string): string {
  const reason = code.replace("proxy_", "");
  if (code === proxyRefusedLogin) {
    return (
      `${proxy} wants a user and password, or does not accept those in its URL (407): they belong in front of its ` +
      "host, http://user:password@host:port, other characters than letters and digits percent-encoded"
    );
  }
  if (reason.startsWith("4")) {
    return `${proxy} refuses to connect to ${what} (${reason}): have the host allowed there; ${without}`;
  }
  if (reason.startsWith("5")) {
    return `${proxy} cannot connect to ${what} (${reason}): is the host spelt right, and does the proxy reach it? Or ${without}`;
  }
  const why =
    reason === "ECONNREFUSED"
      ? "nothing listens there"
      : /^(ENOTFOUND|EAI_)/.test(reason)
        ? "its name cannot be resolved"
        : "no connection comes about";
  return `${proxy} cannot be reached: ${why} (${reason}); are its host and port right? Or ${without}`;
}
