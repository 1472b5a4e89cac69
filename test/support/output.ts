import { afterEach, beforeEach, vi } from "vitest";
import type { JsonObject } from "../../lib/json.ts";

/** What a function writes to stdout, as the JSON of each line. */
export function linesOf(action: () => void): JsonObject[] {
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  try {
    action();
  } finally {
    spy.mockRestore();
  }
  const text = written.join("");
  if (text === "") return [];
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => JSON.parse(line) as JsonObject);
}

/** Each test's own lines on stdout, as JSON, in place of writing them: for tests of a whole file. */
export function collectLines(): () => readonly JsonObject[] {
  let lines: JsonObject[] = [];
  beforeEach(() => {
    lines = [];
    vi.spyOn(process.stdout, "write").mockImplementation((line) => {
      lines.push(JSON.parse(String(line)) as JsonObject);
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  return () => lines;
}
