import type { Context } from "aws-lambda";
import { createSetupRuntime } from "../lib/setup/runtime.ts";
import type { SetupSummary } from "../lib/setup/summary.ts";

/** Time, in ms, that is kept to answer. */
const reserveMs = 5_000;

/**
 * Puts Port's blueprints and Bitbucket's webhooks in place, when invoked by hand: with `{"rotate": true}` it sends the
 * present secret, with `{"remove": true}` it takes the webhooks away, with `{"dryRun": true}` it only says what it
 * would do.
 */
export async function handler(request: unknown, context: Context): Promise<SetupSummary> {
  const ms = Math.max(1_000, Math.floor(context.getRemainingTimeInMillis()) - reserveMs);
  return createSetupRuntime(process.env)(request, AbortSignal.timeout(ms));
}
