import { httpUrl } from "../config/values.ts";
import type { WebhookTarget } from "../setup/context.ts";
import { readLocalStack } from "./local-stack.ts";
import { UsageError } from "./run.ts";

/**
 * The webhook that is asked for, else the local stack's.
 * @throws UsageError when the address or the secret is missing
 */
export function setupTarget(
  given: string | undefined,
  remove: boolean,
  bitbucketHost: string | undefined,
): WebhookTarget {
  const stack = bitbucketHost === undefined || isHere(bitbucketHost) ? readLocalStack() : undefined;
  const url = httpUrl.safeParse(given ?? stack?.url);
  if (!url.success) {
    throw new UsageError(
      given === undefined ? "give the webhook's address by --url" : "--url is not an http(s) URL",
    );
  }
  const secret = process.env["WEBHOOK_SECRET"] || (url.data === stack?.url ? stack.secret : undefined);
  if (secret === undefined && !remove) throw new UsageError("WEBHOOK_SECRET is not set");
  return { url: url.data, secret: secret ?? "" };
}

/** Another machine's Bitbucket could not reach a stack here by its local address. */
function isHere(url: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}
