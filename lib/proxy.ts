import { Agent, setGlobalProxyFromEnv } from "node:http";
import { Agent as TlsAgent } from "node:https";
import { ConfigError } from "./errors.ts";

/** The proxies on the way out, as Node.js takes them, whole. */
export interface ProxySettings {
  /** For addresses with `http:`. */
  readonly HTTP_PROXY?: string;
  /** For addresses with `https:`. */
  readonly HTTPS_PROXY?: string;
  /** Hosts that are reached without a proxy, comma-separated. */
  readonly NO_PROXY: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A proxy would look for these on its own machine. */
const loopback = ["localhost", "127.0.0.1", "[::1]"];
/** What Node.js understands in `NO_PROXY`: everything, a host, what is beneath one; each with a port or without. */
export const unproxiedHost = /^(\*|(\*?\.)?[\w-][\w.-]*|\[[\da-f:]+\])(:\d+)?$/i;

/**
 * Reads `HTTPS_PROXY`, `HTTP_PROXY` (which Node.js takes for `https:`, too, where it is alone) and `NO_PROXY`, in either
 * case of letters; undefined when there is no proxy. A host in `NO_PROXY` stands for what is beneath it as well, which
 * some parts of Node.js want written out.
 * @throws ConfigError naming what is no URL of a proxy, never with its value: it may have a password
 */
export function readProxy(env: Environment): ProxySettings | undefined {
  const http = setting(env, "HTTP_PROXY");
  const https = setting(env, "HTTPS_PROXY") ?? http;
  if (https === undefined) return undefined;
  const faults = Object.entries({ HTTP_PROXY: http, HTTPS_PROXY: https === http ? undefined : https })
    .filter(([, url]) => url !== undefined && !isProxyUrl(url))
    .map(([name]) => `${name} is not the URL of an HTTP proxy, e.g. http://proxy.example.org:3128`);
  if (faults.length > 0) throw new ConfigError("The proxy is set wrong", faults);
  return {
    ...(http !== undefined && { HTTP_PROXY: withScheme(http) }),
    HTTPS_PROXY: withScheme(https),
    NO_PROXY: unproxied(setting(env, "NO_PROXY") ?? ""),
  };
}

/** Whether a text is the URL of a proxy; as for other tools, `http://` may be missing. */
export function isProxyUrl(text: string): boolean {
  const url = withScheme(text);
  return /^https?:\/\/[^\s/]+\/?$/i.test(url) && URL.canParse(url);
}

/** From now on `fetch` goes by the environment's proxies; gives what ends that. @throws ConfigError */
export function useProxy(env: Environment): () => void {
  const settings = readProxy(env);
  return settings === undefined ? () => {} : setGlobalProxyFromEnv({ ...settings });
}

/** The same for a client of the AWS SDK, which has agents of its own: its `requestHandler`. @throws ConfigError */
export function proxyAgents(env: Environment): { httpAgent?: Agent; httpsAgent?: TlsAgent } {
  const settings = readProxy(env);
  if (settings === undefined) return {};
  const options = { keepAlive: true, maxSockets: 50, proxyEnv: { ...settings } };
  return { httpAgent: new Agent(options), httpsAgent: new TlsAgent(options) };
}

function setting(env: Environment, name: string): string | undefined {
  return env[name.toLowerCase()]?.trim() || env[name]?.trim() || undefined;
}

function withScheme(proxy: string): string {
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

function unproxied(list: string): string {
  const hosts = list.split(/[\s,]+/).filter((host) => unproxiedHost.test(host));
  // Only alone it means everything.
  if (hosts.includes("*")) return "*";
  const all = hosts.flatMap((host) => (/^[.*]/.test(host) ? [host] : [host, `.${host}`]));
  return [...new Set([...loopback, ...all])].join(",");
}
