import { epochMs } from "../time.ts";

/** `Retry-After` (seconds or an HTTP date) in ms from now. */
export function retryAfterMs(headers: Headers, now = Date.now()): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const date = epochMs(value) ?? Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
