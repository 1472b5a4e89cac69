import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type OutputListeners, watchOutput } from "./osls-output.ts";
import { freePort, loopback } from "./server.ts";

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
const stopTimeoutMs = 3000;
let started = 0;

/** Bundles the functions and serves them on free ports. */
export async function startOffline(options: OfflineOptions): Promise<Offline> {
  const { root, env, signal } = options;
  const [httpPort, lambdaPort] = [await freePort(), await freePort()];
  started += 1;
  const workFolder = join(".local", `bundles-${process.pid}-${started}`);
  const child = spawn(process.execPath, [childScript, ...osls(httpPort, lambdaPort)], {
    cwd: root,
    env: { ...env, ESBUILD_WORK_FOLDER: workFolder, NO_COLOR: "1", SLS_NOTIFICATIONS_MODE: "off" },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // Its own process group: Ctrl-C comes to it through us, after the requests that are under way.
    detached: true,
  });
  const { ready, ended } = watchOutput(child, options);

  async function stop(): Promise<void> {
    await end(child);
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

const childScript = fileURLToPath(new URL("offline-child.ts", import.meta.url));

function osls(httpPort: number, lambdaPort: number): string[] {
  return [
    "offline",
    "start",
    "--stage=local",
    `--host=${loopback}`,
    `--httpPort=${httpPort}`,
    `--lambdaPort=${lambdaPort}`,
    "--noPrependStageInUrl",
    "--noSponsor",
    "--disableCookieValidation",
    "--terminateIdleLambdaTime=600", // seconds
  ];
}

async function tooLong(signal?: AbortSignal): Promise<never> {
  await delay(startTimeoutMs, undefined, { ref: false, ...(signal && { signal }) });
  throw new Error(`serverless-offline did not start within ${startTimeoutMs / 1000} s`);
}

/** Ends the process and its children, politely first. */
async function end(child: ChildProcess): Promise<void> {
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
