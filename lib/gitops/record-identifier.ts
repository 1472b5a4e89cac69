import { createHash } from "node:crypto";
import { maxIdentifierLength, safeIdentifier } from "../port/entity.ts";

/** Longer ones are cut, which leaves room for what is put behind them. */
const longestIdentifier = maxIdentifierLength - 100;

/**
 * A record's identifier, `KEY/slug:path`. Two paths never have the same: behind one that had to be changed stands what it
 * was made from, as a hash.
 */
export function recordIdentifier(key: string, slug: string, path: string): string {
  const whole = safeIdentifier(`${key}/${slug}:${path}`);
  if (safeIdentifier(path) === path && whole.length <= longestIdentifier) return whole;
  const hash = createHash("sha256").update(path).digest("hex").slice(0, 12);
  return `${safeIdentifier(whole.slice(0, longestIdentifier))}=${hash}`;
}
