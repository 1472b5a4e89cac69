import { refused } from "./refusals.ts";
import type { BitbucketSimulatorOptions } from "./types.ts";

/** A bucket of tokens that fills up again bit by bit; each call takes one. */
export function createBucket(limit: BitbucketSimulatorOptions["rateLimit"], now: () => number): () => void {
  if (limit === undefined) return () => undefined;
  let tokens = limit.tokens;
  let filledAt = now();
  return () => {
    const time = now();
    tokens = Math.min(limit.tokens, tokens + ((time - filledAt) / 1000) * limit.perSecond);
    filledAt = time;
    if (tokens >= 1) {
      tokens--;
      return;
    }
    const seconds = Math.max(1, Math.ceil((1 - tokens) / limit.perSecond));
    const refusal = refused(429, "You have been rate limited: too many requests in a short time.");
    const text = limit.retryAfter ?? String(seconds);
    const headers = text === false ? {} : { "Retry-After": text };
    throw Object.assign(refusal, { answer: { ...refusal.answer, headers } });
  };
}
