import { SecretError } from "../errors.ts";
import { createBudget } from "./budget.ts";
import { describeError, log } from "./log.ts";
import type { SecretReader } from "./secrets.ts";

/**
 * After a reading that gave no secret, so many more may follow it at once, and one every so often (ms). What is unknown
 * is asked for again by whatever comes in, and anybody can send something.
 */
const readingsAtOnce = 5;
const oneMoreEveryMs = 2_000;

/**
 * The secrets that a webhook may be signed with: the current one and, while it is being rotated, the previous one.
 * @param now epoch ms
 * @returns what `AcceptOptions.secrets` takes; it has none where the secret has no value, and asked for fresh ones when it
 * read them less than a minute ago
 */
export function webhookSecrets(reader: SecretReader, id: string, now = Date.now) {
  const secret = { holds: "webhook", id } as const;
  const mayRead = createBudget(readingsAtOnce, oneMoreEveryMs, now);
  let fault: unknown;

  async function read(signal: AbortSignal): Promise<readonly string[]> {
    if (fault !== undefined && !mayRead()) throw fault;
    try {
      const values = await reader.readBoth(secret, signal);
      fault = undefined;
      return values;
    } catch (error) {
      fault = error;
      if (isUnset(error)) log("error", "no webhook secret", describeError(error));
      throw error;
    }
  }

  return async (fresh: boolean, signal: AbortSignal): Promise<readonly string[]> => {
    try {
      return fresh ? ((await reader.readFresh(secret, signal)) ?? []) : await read(signal);
    } catch (error) {
      if (isUnset(error)) return [];
      throw error;
    }
  };
}

function isUnset(error: unknown): boolean {
  return error instanceof SecretError && error.isUnset;
}
