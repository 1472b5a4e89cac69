import type { BitbucketConfig } from "../config/config.ts";
import type { Around } from "../http/client.ts";
import { createLoginWatch } from "./login.ts";

/** Log-ins that are watched over in this process, at the most: credentials change, and hosts do in tests. */
const mostWatches = 20;
const watches = new Map<string, Around>();

/**
 * The watch over a log-in, one for all clients of this process: a container that makes a client for each invocation
 * still knows that the log-in was refused a moment ago.
 */
export function loginWatch({ host, authorization }: BitbucketConfig): Around {
  const key = `${authorization} ${host}`;
  const watch = watches.get(key) ?? createLoginWatch(authorization);
  // The one that was asked for last stays longest.
  watches.delete(key);
  watches.set(key, watch);
  if (watches.size > mostWatches) watches.delete(watches.keys().next().value ?? "");
  return watch;
}
