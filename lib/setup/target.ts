import type { SecretReader } from "../aws/secrets.ts";
import type { Environment } from "../config/config.ts";
import { httpUrl } from "../config/values.ts";
import { ConfigError } from "../errors.ts";
import type { WebhookTarget } from "./context.ts";

/**
 * The webhook of the stack itself: its address from the environment, its secret from Secrets Manager.
 * @throws ConfigError when there is no usable address or no secret
 */
export async function readTarget(
  env: Environment,
  secrets: SecretReader,
  signal?: AbortSignal,
): Promise<WebhookTarget> {
  const secretId = env["WEBHOOK_SECRET_ID"] ?? "";
  const [secret] = secretId === "" ? [] : await secrets.read(secretId, ["AWSCURRENT"], signal);
  const url = httpUrl.safeParse(env["WEBHOOK_URL"]);
  if (url.success && secret !== undefined) return { url: url.data, secret };
  throw noWebhook(
    ...(url.success ? [] : ["WEBHOOK_URL is not an http(s) URL"]),
    ...(secret === undefined ? [secretIsMissing] : []),
  );
}

export const secretIsMissing = "the webhook secret has no value";

/** What is wrong with the stack's own webhook. */
export function noWebhook(...faults: readonly string[]): ConfigError {
  return new ConfigError("There is no webhook that Bitbucket could be told of", faults);
}
