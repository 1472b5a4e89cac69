import type { Context } from "aws-lambda";
import { describeError, log } from "../lib/aws/log.ts";
import { type ResyncAnswer, resync } from "../lib/backfill/resync.ts";
import { type BackfillRuntime, createBackfillRuntime } from "../lib/backfill/runtime.ts";
import { ConfigError } from "../lib/errors.ts";

/** Time, in ms, that is kept to answer. */
const reserveMs = 5_000;
let runtime: BackfillRuntime | undefined;

/** Starts a backfill: by the schedule, or by hand with `{"projects": ["KEY"], "state": "ALL"}`. */
export async function handler(request: unknown, context: Context): Promise<ResyncAnswer> {
  try {
    runtime ??= createBackfillRuntime(process.env);
    const signal = AbortSignal.timeout(
      Math.max(1_000, Math.floor(context.getRemainingTimeInMillis()) - reserveMs),
    );
    return await resync(request, runtime.queue, await runtime.context(signal));
  } catch (error) {
    log("error", "resync failed", describeError(error));
    // Whoever invokes the function sees its words, and nothing else.
    if (error instanceof ConfigError) error.stack = "";
    throw error;
  }
}
