import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { describeError, log } from "./log.ts";

/** Reads secrets from AWS Secrets Manager and remembers them for a while, and for as long as it does not answer. */
export interface SecretReader {
  /** The values under the given stages (`AWSCURRENT`, `AWSPREVIOUS`), those that exist, without empty ones. */
  read(secretId: string, stages: readonly Stage[], signal?: AbortSignal): Promise<readonly string[]>;
  /** Has everything read anew, so that a rotation is seen at once; does so at most once a minute. True when it did. */
  forget(): boolean;
}

export type Stage = "AWSCURRENT" | "AWSPREVIOUS";

const keepMs = 5 * 60_000;
/** Where a value is known, so long (ms) is waited for the new one, and it is tried again after so long. */
const patienceMs = 2_000;
const tryAgainMs = 10_000;
/** The least time, in ms, between two readings that `forget` brings about. */
export const forgetEveryMs = 60_000;

/**
 * @param client tests and tools may bring their own
 * @param now epoch ms
 */
export function createSecretReader(
  client = new SecretsManagerClient({ maxAttempts: 3 }),
  now = Date.now,
): SecretReader {
  const kept = new Map<string, { readonly at: number; readonly value: string | undefined }>();
  let forgotAt = Number.NEGATIVE_INFINITY;

  async function readOne(secretId: string, stage: Stage, signal?: AbortSignal): Promise<string | undefined> {
    const key = `${stage} ${secretId}`;
    const known = kept.get(key);
    if (known !== undefined && now() - known.at < keepMs) return known.value;
    try {
      const patience = known === undefined ? [] : [AbortSignal.timeout(patienceMs)];
      const limits = [...patience, ...(signal === undefined ? [] : [signal])];
      const value = await fetchOne(client, secretId, stage, AbortSignal.any(limits));
      kept.set(key, { at: now(), value });
      return value;
    } catch (error) {
      if (known === undefined) throw error;
      kept.set(key, { ...known, at: now() - keepMs + tryAgainMs });
      log("warn", "a secret could not be read again, the one known is used", describeError(error));
      return known.value;
    }
  }

  return {
    async read(secretId, stages, signal) {
      const values = await Promise.all(stages.map((stage) => readOne(secretId, stage, signal)));
      return values.filter((value) => value !== undefined && value !== "") as string[];
    },
    forget() {
      if (now() - forgotAt < forgetEveryMs) return false;
      forgotAt = now();
      for (const [key, known] of kept) kept.set(key, { ...known, at: Number.NEGATIVE_INFINITY });
      return true;
    },
  };
}

/**
 * The secrets that a webhook may be signed with: the current one and, while it is being rotated, the previous one.
 * @returns what `AcceptOptions.secrets` takes; asked for fresh ones it has none when it read them less than a minute ago
 */
export function webhookSecrets(reader: SecretReader, secretId: string) {
  return async (fresh: boolean, signal: AbortSignal): Promise<readonly string[]> =>
    fresh && !reader.forget() ? [] : reader.read(secretId, ["AWSCURRENT", "AWSPREVIOUS"], signal);
}

async function fetchOne(
  client: SecretsManagerClient,
  secretId: string,
  stage: Stage,
  abortSignal: AbortSignal,
) {
  try {
    const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage });
    const answer = await client.send(command, { abortSignal });
    return answer.SecretString;
  } catch (error) {
    // A stage without a version, or a secret without a value, is an answer: there is none.
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
