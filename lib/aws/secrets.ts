import { SecretError } from "../errors.ts";
import type { StackSecret } from "../stack-secret.ts";
import { describeError, log } from "./log.ts";
import { createSecretsClient, fetchCurrent, fetchPrevious } from "./secrets-manager.ts";

/**
 * Reads secrets from AWS Secrets Manager and remembers them for a while, and for longer while it does not answer. A
 * secret that is missing or empty is not remembered, nor that it could not be read: it may have been put since.
 */
export interface SecretReader {
  /**
   * The current value. While Secrets Manager does not answer, the one that is known, for an hour.
   * @throws SecretError when there is no text, or none that we may see; what the SDK throws when nothing is known
   */
  read(secret: StackSecret, signal?: AbortSignal): Promise<string>;
  /** The current value and the previous one, where there is one. @throws as `read` */
  readBoth(secret: StackSecret, signal?: AbortSignal): Promise<readonly string[]>;
  /**
   * Both as they are now, past what is remembered, so that a rotation is seen at once; undefined when that was looked up
   * less than a minute ago.
   * @throws as `read`; a reading that failed does not count as one
   */
  readFresh(secret: StackSecret, signal?: AbortSignal): Promise<readonly string[] | undefined>;
  /** The current value is of no use: whoever reads next sees what it is then. */
  forget(secret: StackSecret): void;
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
  /** When all was read, and from when on it is read again; epoch ms. */
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

  async function fetchAll(secret: StackSecret, both: boolean, signal: AbortSignal) {
    const [current, previous] = await Promise.all([
      fetchCurrent(client, secret, signal),
      both ? fetchPrevious(client, secret, signal) : undefined,
    ]);
    const values = previous === undefined ? [current.value] : [current.value, previous.value];
    kept.set(keyOf(secret, both), { values, readAt: now(), dueAt: now() + keepMs });
    return values;
  }

  async function readKept(
    secret: StackSecret,
    both: boolean,
    signal = new AbortController().signal,
  ): Promise<readonly string[]> {
    const key = keyOf(secret, both);
    const known = kept.get(key);
    if (known === undefined) return fetchAll(secret, both, signal);
    if (now() < known.dueAt) return known.values;
    try {
      return await fetchAll(secret, both, AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]));
    } catch (error) {
      if (error instanceof SecretError) kept.delete(key);
      if (error instanceof SecretError || now() - known.readAt > longestMs) throw error;
      log("warn", "a secret could not be read again, the one known is used", describeError(error));
      // Both as they were: one that is new beside one that is old could leave out the one in use.
      kept.set(key, { ...known, dueAt: now() + tryAgainMs });
      return known.values;
    }
  }

  return {
    async read(secret, signal) {
      const [value = ""] = await readKept(secret, false, signal);
      return value;
    },

    readBoth: (secret, signal) => readKept(secret, true, signal),

    async readFresh(secret, signal = new AbortController().signal) {
      if (now() < freshFrom) {
        if (lastFault !== undefined) throw lastFault;
        return undefined;
      }
      freshFrom = now() + freshEveryMs;
      lastFault = undefined;
      try {
        return await fetchAll(secret, true, signal);
      } catch (error) {
        // Nobody can tell whether a signature is good, until it is known.
        freshFrom = now() + freshAgainMs;
        lastFault = error;
        throw error;
      }
    },

    forget: (secret) => void kept.delete(keyOf(secret, false)),
  };
}

function keyOf({ id }: StackSecret, both: boolean): string {
  return `${both ? "both" : "current"} ${id}`;
}
