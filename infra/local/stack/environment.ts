import { readProxy } from "../../../lib/proxy.ts";
import type { Queues } from "../aws/queues.ts";
import type { Secrets } from "../aws/secrets.ts";
import type { Service } from "../aws/service.ts";
import { secretIds } from "./secrets.ts";
import type { Environment, Settings } from "./settings.ts";

/** What serverless.yml takes from the environment for its stage `local`, and where the AWS SDK finds AWS. */
export function addresses(
  service: Service,
  { endpoint, urls }: Queues,
  secrets: Secrets,
): Record<string, string> {
  const queueUrls = Object.entries(urls).map(([id, url]) => [`${upperSnake(id)}_URL`, url]);
  return {
    ...Object.fromEntries(queueUrls),
    WEBHOOK_SECRET_ID: secretIds.webhook,
    CREDENTIALS_SECRET_ID: secretIds.credentials,
    AWS_ENDPOINT_URL_SQS: endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    AWS_REGION: service.region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    // Never look for credentials on the network or in the user's profiles.
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** `LiveDeadQueue` → `LIVE_DEAD_QUEUE`. */
function upperSnake(id: string): string {
  return id.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}

/** The way out for the functions; empty where there is no proxy. @throws ConfigError */
export function proxyVariables(env: Environment): Record<string, string> {
  return { HTTPS_PROXY: "", NO_PROXY: "", ...readProxy(env) };
}

/** The user's own AWS settings have no place here: the functions would go by them. */
export function withoutAws(env: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("AWS_")));
}

/** What Bitbucket is told: another machine's could not reach this one by its local address. */
export function webhookUrl(gateway: string, { realBitbucket }: Settings, env: Environment): string {
  return env["WEBHOOK_URL"] || (realBitbucket ? "" : `${gateway}/webhook`);
}
