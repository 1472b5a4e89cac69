import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Closers } from "../../infra/local/closers.ts";
import { bitbucketDemoToken } from "../../infra/local/simulators/bitbucket/server.ts";
import { portDemoClientId, portDemoClientSecret } from "../../infra/local/simulators/port/server.ts";
import { projectRoot } from "../support/package-stack.ts";
import { runNode } from "../support/run-node.ts";
import type { Seen, Simulators } from "./simulators.ts";

/** What one run of the command has cost. */
export interface BackfillRun {
  /** From the start of the process to its end. */
  readonly seconds: number;
  /** Peak resident memory. */
  readonly peakMib: number;
  readonly seen: Seen;
}

/**
 * Runs the backfill command over everything in a process of its own, as `npm run backfill -- --state ALL` does.
 * @throws when it does not end well
 */
export async function runBackfillCommand(
  simulators: Simulators,
  timeoutMs: number,
  closers: Closers,
): Promise<BackfillRun> {
  // A folder of its own, where no .env of the user's is found.
  const cwd = await mkdtemp(join(tmpdir(), "bench-backfill-"));
  closers.add(() => rm(cwd, { recursive: true, force: true }));
  const memoryFile = join(cwd, "peak-memory");
  const env = {
    BITBUCKET_HOST: simulators.bitbucketUrl,
    BITBUCKET_TOKEN: bitbucketDemoToken,
    PORT_API_URL: simulators.portUrl,
    PORT_CLIENT_ID: portDemoClientId,
    PORT_CLIENT_SECRET: portDemoClientSecret,
    PEAK_MEMORY_FILE: memoryFile,
  };
  const preload = new URL("peak-memory.ts", import.meta.url).href;
  const command = join(projectRoot, "lib", "commands", "backfill.ts");
  const args = ["--import", preload, command, "--state", "ALL", "--json"];
  const begun = performance.now();
  const output = await runNode(args, { cwd, env, timeoutMs }, closers);
  const seconds = (performance.now() - begun) / 1000;
  const summary = JSON.parse(output.trimEnd().split("\n").at(-1) ?? "") as { ok: boolean };
  if (!summary.ok) throw new Error(`the backfill did not reconcile everything:\n${output}`);
  const peakMib = Number(await readFile(memoryFile, "utf8")) / 1024;
  return { seconds, peakMib, seen: await simulators.seen() };
}
