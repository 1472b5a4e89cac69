import type { SecretReader } from "../aws/secrets.ts";
import type { Environment } from "../config/config.ts";
import { requireSetting } from "../config/stack-settings.ts";
import { httpUrl } from "../config/values.ts";
import { ConfigError } from "../errors.ts";
import type { StackSecret } from "../stack-secret.ts";
import type { WebhookTarget } from "./context.ts";

/** The secret that the stack's webhook is signed with. @throws ConfigError when there is none */
export function webhookSecret(env: Environment): StackSecret {
  return { holds: "webhook", id: requireSetting(env, "WEBHOOK_SECRET_ID") };
}

/**
 * The webhook of the stack itself: its address from the environment, its secret from Secrets Manager.
 * @throws ConfigError when there is no usable address or no secret
 */
export async function readTarget(
  env: Environment,
  secrets: SecretReader,
  signal?: AbortSignal,
): Promise<WebhookTarget> {
  const url = httpUrl.safeParse(env["WEBHOOK_URL"]);
  const faults = [
    ...(url.success ? [] : ["WEBHOOK_URL is not an http(s) URL"]),
    ...(env["WEBHOOK_SECRET_ID"] ? [] : ["WEBHOOK_SECRET_ID is not set"]),
  ];
  if (!url.success || faults.length > 0) {
    throw new ConfigError("There is no webhook that Bitbucket could be told of", faults);
  }
  return { url: url.data, secret: await secrets.read(webhookSecret(env), signal) };
}
