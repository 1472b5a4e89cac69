import { log } from "../aws/log.ts";
import { type Address, addressName } from "../bitbucket/address.ts";
import { isDenied, mayPass, type RequestError } from "../errors.ts";
import { failureFrom } from "../sync/outcomes.ts";
import type { BackfillContext, Problems } from "./context.ts";

/**
 * Notes what could not be read of an object, which costs nothing but that: it stays in Port as it is. Where a later try
 * may bring it, and there is one, that is asked for; else it is named. What we may not see is no problem of this run.
 * @param what e.g. `README`
 */
export function reportLoss(
  address: Address,
  what: string,
  error: RequestError,
  context: Pick<BackfillContext, "onRetry" | "notes" | "isBroken">,
): Problems {
  const { reason, retryAfterMs } = failureFrom(error);
  const object = addressName(address);
  log("warn", "not readable, stays in Port as it is", { object, what, reason });
  const isPassing = mayPass(error) && isTransient(error.failure.status);
  if (isPassing && context.onRetry !== undefined && !context.isBroken) {
    context.onRetry(retryAfterMs, address);
    return [];
  }
  const sentence = `${object}: ${what} could not be read (${reason}): stays in Port as it is`;
  if (!isDenied(error) || what === "all of its pull requests") return [sentence];
  context.notes.push(`${object}: these credentials may not see ${what}, stays in Port as it is`);
  return [];
}

function isTransient(status: number | undefined): boolean {
  return status === undefined || status === 408 || status === 429 || status >= 500;
}
