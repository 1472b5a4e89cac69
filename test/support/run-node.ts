import { execFile } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import type { Closers } from "../../infra/local/closers.ts";

export interface NodeOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
}

const outputBytes = 16 * 1024 * 1024;
const execute = promisify(execFile);

/**
 * Runs a script in a fresh process of this same Node, which the closers end.
 * @returns what it wrote to stdout
 * @throws when it failed or took too long, with what it wrote to stderr
 */
export async function runNode(
  args: readonly string[],
  { cwd, env, timeoutMs }: NodeOptions,
  closers: Closers,
): Promise<string> {
  const running = execute(process.execPath, args, { cwd, env, timeout: timeoutMs, maxBuffer: outputBytes });
  const { child } = running;
  closers.add(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    // Not "exit": that comes before the end of its own children (esbuild's), whose folders are removed next.
    const ended = once(child, "close");
    child.kill("SIGKILL");
    await ended;
  });
  const { stdout } = await running;
  return stdout;
}
