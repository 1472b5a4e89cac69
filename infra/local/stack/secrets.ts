import { credentialNames } from "../../../lib/config/stack-settings.ts";
import type { SecretStages } from "../aws/secrets.ts";
import { type Environment, isSet, type Settings } from "./settings.ts";

/** Ids under which the functions ask for their secrets. */
export const secretIds = { webhook: "webhook", credentials: "credentials" };

/** The secret that signs webhooks, with the one before it. */
export function webhookSecret({ secret, previousSecret }: Settings): SecretStages {
  return { AWSCURRENT: secret, AWSPREVIOUS: previousSecret };
}

/** The credentials as the operator fills them in on AWS: one JSON object. */
export function credentialsSecret(env: Environment): SecretStages {
  const set = credentialNames.filter((name) => isSet(env[name])).map((name) => [name, env[name]]);
  return { AWSCURRENT: JSON.stringify(Object.fromEntries(set)) };
}
