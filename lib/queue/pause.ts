import { log } from "../aws/log.ts";

export const firstPauseSeconds = 2;
const longestPauseSeconds = 15 * 60;
const manyDeliveries = 20;
/** SQS keeps a message hidden for 12 hours at the most, counted from when it was received. */
const longestHiddenSeconds = 11 * 3600;

/** Seconds until the next delivery. */
export function pauseSeconds(receiveCount: number, retryAfterMs: number | undefined): number {
  const backoff = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** Math.max(0, receiveCount - 1));
  if (retryAfterMs === undefined) return backoff;
  const wished = Math.max(1, Math.ceil(retryAfterMs / 1000));
  const asked = Math.min(longestHiddenSeconds, wished);
  if (asked < wished) log("warn", "asked to wait for longer than a queue can", { wished, seconds: asked });
  // Deliveries are counted: whoever asks for a few seconds all day long must not use them up.
  return receiveCount > manyDeliveries ? Math.max(asked, backoff) : asked;
}
