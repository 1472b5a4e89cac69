import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { loopback } from "./server.ts";

export interface OslsOptions {
  /** The folder that holds serverless.yml. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where the bundles come to lie, below that folder. */
  readonly workFolder: string;
  readonly httpPort: number;
  readonly lambdaPort: number;
}

/** Starts `osls offline` in a process of its own. */
export function spawnOsls({ root, env, workFolder, httpPort, lambdaPort }: OslsOptions): ChildProcess {
  return spawn(process.execPath, [childScript, ...offlineArguments(httpPort, lambdaPort)], {
    cwd: root,
    env: { ...env, ESBUILD_WORK_FOLDER: workFolder, NO_COLOR: "1", SLS_NOTIFICATIONS_MODE: "off" },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // Its own process group: Ctrl-C comes to it through us, after the requests that are under way.
    detached: true,
  });
}

const childScript = fileURLToPath(new URL("offline-child.ts", import.meta.url));

function offlineArguments(httpPort: number, lambdaPort: number): string[] {
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
