import type { IncomingMessage } from "node:http";

/** What of a function's log line is worth a place on the terminal: warnings, errors, and what is no log line. */
export function isWorthShowing(line: string): boolean {
  try {
    const { level, _aws } = JSON.parse(line) as { level?: unknown; _aws?: unknown };
    if (_aws !== undefined) return false;
    return typeof level !== "string" || /^(warn|error|fatal)/i.test(level);
  } catch {
    return true;
  }
}

/** One line about an answered request, e.g. `pr:merged → 202`. */
export function describeAnswer({ headers, method, url }: IncomingMessage, status: number): string {
  const eventKey = headers["x-event-key"];
  const what = typeof eventKey === "string" ? eventKey : `${method} ${url}`;
  return `${what.slice(0, 80)} → ${status}`;
}
