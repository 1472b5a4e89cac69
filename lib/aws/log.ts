import { ConfigError, ProxyError, RequestError, UnprocessableError } from "../errors.ts";

/** From the lowest to the highest. */
export const levels = ["debug", "info", "warn", "error"] as const;
export type Level = (typeof levels)[number];
/** Ids, counts and statuses. Never a payload, an e-mail address or a secret. */
export type Fields = Record<string, string | number | boolean | readonly string[] | undefined>;

const ranks = Object.fromEntries(levels.map((level, rank) => [level, rank])) as Record<Level, number>;

/**
 * Writes one JSON line to stdout, past Lambda's patched console so that the line stays pure JSON.
 * `LOG_LEVEL` (debug, info, warn, error; default info) is the lowest level that is written.
 */
export function log(level: Level, message: string, fields: Fields = {}): void {
  const lowest = ranks[(process.env["LOG_LEVEL"] ?? "info") as Level] ?? ranks.info;
  if (ranks[level] < lowest) return;
  writeLine({ level, time: new Date().toISOString(), message, ...fields });
}

/** Writes any object as one line of JSON to stdout. */
export function writeLine(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** What may be logged of an error: its kind, its message when it is one of ours, and ids. */
export function describeError(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: typeof error };
  const failure = error instanceof RequestError ? { ...error.failure } : {};
  // Messages of foreign errors may quote what they choked on, so only their kind and code are kept.
  const own =
    error instanceof RequestError ||
    error instanceof UnprocessableError ||
    error instanceof ConfigError ||
    error instanceof ProxyError;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return { error: error.name, errorCode: code, ...(own ? { detail: error.message } : {}), ...failure };
}
