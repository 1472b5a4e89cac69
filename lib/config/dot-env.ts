import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";

/** Loads `.env` beside the current folder where there is one; what the environment has already wins. */
export function loadDotEnv(path = ".env"): void {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return;
  }
  for (const [name, value] of Object.entries(parseDotEnv(text))) process.env[name] ??= value;
}

/**
 * The settings of a `.env` file, as Node.js reads them, but for one thing: only a `#` at the beginning of a line or
 * after a blank begins a comment, as in a shell. Node.js cuts `TOKEN=a#b` off at the `#`, without a word.
 */
export function parseDotEnv(text: string): Record<string, string> {
  const whole = new Map<string, string>();
  for (const [, name = "", quote, rest = ""] of text.matchAll(assignment)) {
    const value = uncommented(rest);
    if (quote === undefined && value.includes("#")) whole.set(name, value);
    else whole.delete(name);
  }
  return { ...parseEnv(text), ...Object.fromEntries(whole) } as Record<string, string>;
}

/** A name with a value in quotes, which may have several lines, or with the rest of its line, blanks in front included. */
const assignment = /^[ \t]*(?:export[ \t]+)?([^\s=#]+)[ \t]*=(?:[ \t]*(["'`])[\s\S]*?\2|(.*))/gm;

function uncommented(rest: string): string {
  return rest.replace(/[ \t]#.*$/, "").trim();
}
