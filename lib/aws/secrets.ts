import { describeError, log } from "./log.ts";
import { createSecretsClient, fetchVersion, mayPass, type Stage } from "./secrets-manager.ts";

/** Reads secrets from AWS Secrets Manager and remembers them for a while, and for longer while it does not answer. */
export interface SecretReader {
  /**
   * The values under the given stages (`AWSCURRENT`, `AWSPREVIOUS`), those that exist, without empty ones. While Secrets
   * Manager does not answer, those that are known, for an hour.
   * @throws what the SDK throws when nothing is known, or the secret may not be read any more
   */
  read(secretId: string, stages: readonly Stage[], signal?: AbortSignal): Promise<readonly string[]>;
  /**
   * The values as they are now, past what is remembered, so that a rotation is seen at once; undefined when that was
   * looked up less than a minute ago.
   * @throws what the SDK throws; a reading that failed does not count as one
   */
  readFresh(
    secretId: string,
    stages: readonly Stage[],
    signal?: AbortSignal,
  ): Promise<readonly string[] | undefined>;
}

const keepMs = 5 * 60_000;
/** Where values are known, so long (ms) is waited for new ones, it is tried again after so long, and so long in all. */
const patienceMs = 2_000;
const tryAgainMs = 10_000;
const longestMs = 60 * 60_000;
/** The least time, in ms, between two readings that `readFresh` brings about, and after one that failed. */
export const freshEveryMs = 60_000;
const freshAgainMs = 2_000;

/** What is known of a secret. */
interface Known {
  readonly values: readonly string[];
  /** When all stages were read, and from when on they are read again; epoch ms. */
  readonly readAt: number;
  readonly dueAt: number;
}

/**
 * @param client tests and tools may bring their own
 * @param now epoch ms
 */
export function createSecretReader(client = createSecretsClient(), now = Date.now): SecretReader {
  const kept = new Map<string, Known>();
  let freshFrom = Number.NEGATIVE_INFINITY;
  let lastFault: unknown;

  async function readAll(key: string, secretId: string, stages: readonly Stage[], signal: AbortSignal) {
    const found = await Promise.all(stages.map((stage) => fetchVersion(client, secretId, stage, signal)));
    const values = found.flatMap((version) => version?.value ?? []);
    const known = { values, readAt: now(), dueAt: now() + keepMs };
    kept.set(key, known);
    return known.values;
  }

  return {
    async read(secretId, stages, signal = new AbortController().signal) {
      const key = keyOf(secretId, stages);
      const known = kept.get(key);
      if (known === undefined) return readAll(key, secretId, stages, signal);
      if (now() < known.dueAt) return known.values;
      try {
        return await readAll(
          key,
          secretId,
          stages,
          AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
        );
      } catch (error) {
        if (!mayPass(error) || now() - known.readAt > longestMs) throw error;
        log("warn", "a secret could not be read again, the one known is used", describeError(error));
        // All of them as they were: one stage that is new beside one that is old could leave out the one in use.
        kept.set(key, { ...known, dueAt: now() + tryAgainMs });
        return known.values;
      }
    },

    async readFresh(secretId, stages, signal = new AbortController().signal) {
      if (now() < freshFrom) {
        if (lastFault !== undefined) throw lastFault;
        return undefined;
      }
      freshFrom = now() + freshEveryMs;
      lastFault = undefined;
      try {
        return await readAll(keyOf(secretId, stages), secretId, stages, signal);
      } catch (error) {
        // Nobody can tell whether a signature is good, until it is known.
        freshFrom = now() + freshAgainMs;
        lastFault = error;
        throw error;
      }
    },
  };
}

function keyOf(secretId: string, stages: readonly Stage[]): string {
  return `${secretId} ${stages.join(" ")}`;
}
