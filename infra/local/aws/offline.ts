import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { endProcess } from "./end-process.ts";
import { type OutputListeners, watchOutput } from "./osls-output.ts";
import { freePort, loopback } from "./server.ts";
import { spawnOsls } from "./spawn-osls.ts";

/** The functions of serverless.yml, served by serverless-offline in a child process. */
export interface Offline {
  /** Where the HTTP API is served. */
  readonly httpPort: number;
  /** Base URL of Lambda's invoke API. */
  readonly lambdaUrl: string;
  /** Resolves, with what was said about an error, when the process has ended. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

export interface OfflineOptions extends OutputListeners {
  /** The folder that holds serverless.yml. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends a start that is under way. */
  readonly signal?: AbortSignal;
}

const startTimeoutMs = 60_000;
let started = 0;

/** Bundles the functions and serves them on free ports. */
export async function startOffline(options: OfflineOptions): Promise<Offline> {
  const { root, env, signal } = options;
  const [httpPort, lambdaPort] = [await freePort(), await freePort()];
  started += 1;
  const workFolder = join(".local", `bundles-${process.pid}-${started}`);
  const child = spawnOsls({ root, env, workFolder, httpPort, lambdaPort });
  const { ready, ended } = watchOutput(child, options);

  async function stop(): Promise<void> {
    await endProcess(child);
    await rm(join(root, workFolder), { recursive: true, force: true });
  }

  const failed = ended.then((words) => {
    throw new Error(`The functions could not be started: ${words}`);
  });
  failed.catch(() => {});
  try {
    await Promise.race([ready, failed, tooLong(signal)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { httpPort, lambdaUrl: `http://${loopback}:${lambdaPort}`, ended, stop };
}

async function tooLong(signal?: AbortSignal): Promise<never> {
  await delay(startTimeoutMs, undefined, { ref: false, ...(signal && { signal }) });
  throw new Error(`serverless-offline did not start within ${startTimeoutMs / 1000} s`);
}
