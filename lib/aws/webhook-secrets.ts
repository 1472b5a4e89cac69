import type { SecretReader } from "./secrets.ts";
import type { Stage } from "./secrets-manager.ts";

/**
 * The secrets that a webhook may be signed with: the current one and, while it is being rotated, the previous one.
 * @returns what `AcceptOptions.secrets` takes; asked for fresh ones it has none when it read them less than a minute ago
 */
export function webhookSecrets(reader: SecretReader, secretId: string) {
  const stages: readonly Stage[] = ["AWSCURRENT", "AWSPREVIOUS"];
  return async (fresh: boolean, signal: AbortSignal): Promise<readonly string[]> =>
    fresh
      ? ((await reader.readFresh(secretId, stages, signal)) ?? [])
      : reader.read(secretId, stages, signal);
}
