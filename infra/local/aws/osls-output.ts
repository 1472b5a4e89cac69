import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface OutputListeners {
  /** Gets every line that a function writes. */
  readonly onLog?: (line: string) => void;
  /** Gets every line about something that went wrong, e.g. an error that a function did not handle. */
  readonly onTrouble?: (line: string) => void;
}

export interface Output {
  /** Resolves when serverless-offline serves. */
  readonly ready: Promise<void>;
  /** Resolves, with what was said about an error, when the process has ended. */
  readonly ended: Promise<string>;
}

/** What serverless-offline says of every request, and its separators. */
const chatter = /^\s*$|^(GET|POST|PUT|DELETE|PATCH) .*\(λ: |^\(λ: \w+\) RequestId: /;
/** The table of routes that serverless-offline draws on stdout, where the functions' own lines are. */
const routes = /^\s*($|[┌│└])/;
const maxLines = 30;

/** Tells the functions' lines from those of osls and serverless-offline. */
export function watchOutput(child: ChildProcess, listeners: OutputListeners): Output {
  const { onLog = () => {}, onTrouble = () => {} } = listeners;
  const lines: string[] = [];
  let isServing = false;

  function remember(line: string): void {
    lines.push(line);
    if (lines.length > maxLines) lines.shift();
  }

  readLines(child.stdout, (line) => {
    if (routes.test(line)) return;
    // Before, it is osls that speaks there: of errors.
    if (isServing) onLog(line);
    else remember(line);
  });
  const ready = new Promise<void>((resolve) => {
    readLines(child.stderr, (line) => {
      if (chatter.test(line)) return;
      remember(line);
      if (isServing) onTrouble(line);
      if (!line.startsWith("Server ready")) return;
      isServing = true;
      resolve();
    });
  });
  return { ready, ended: once(child, "close").then(() => errorSummary(lines)) };
}

/** What was said about an error, in one line and without the places in foreign code where it came up. */
function errorSummary(lines: readonly string[]): string {
  const start = lines.findIndex((line) => /^(× )?\w*Error:/.test(line));
  const words = lines.slice(Math.max(start, 0)).filter((line) => !/^\s+at |^Error:$/.test(line));
  return words
    .slice(0, 4)
    .map((line) => line.trim())
    .join(" ");
}

function readLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on("line", onLine);
}
