import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

const stopTimeoutMs = 3000;

/** Ends the process and its children, politely first. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  signalGroup(child, "SIGTERM");
  const patience = delay(stopTimeoutMs, "late", { ref: false });
  if ((await Promise.race([ended, patience])) === "late") {
    signalGroup(child, "SIGKILL");
    await ended;
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended in the meantime.
  }
}
