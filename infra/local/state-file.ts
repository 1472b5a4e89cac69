import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** How a command finds the stack that is running on this machine. */
export interface RunningStack {
  /** Where the webhook is served, e.g. `http://localhost:3000/webhook`. */
  readonly url: string;
  /** What webhooks are signed with; absent when none is configured. */
  readonly secret?: string;
}

/** Ignored by git. */
export const stateFile = fileURLToPath(new URL("../../.local/stack.json", import.meta.url));

/** Says where the stack runs, to nobody but this user. */
export function writeStateFile(running: RunningStack, path = stateFile): void {
  mkdirSync(dirname(path), { recursive: true });
  // Anew, as the mode counts only for a file that is made.
  rmSync(path, { force: true });
  writeFileSync(path, `${JSON.stringify(running)}\n`, { mode: 0o600 });
}

/** Takes back what was said, unless another stack has said something else since. */
export function removeStateFile({ url }: RunningStack, path = stateFile): void {
  try {
    const said = JSON.parse(readFileSync(path, "utf8")) as RunningStack;
    if (said.url === url) rmSync(path, { force: true });
  } catch {
    // There is none.
  }
}
