import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import {
  type BitbucketSimulator,
  bitbucketDemoToken,
} from "../../infra/local/simulators/bitbucket/server.ts";
import {
  type PortSimulator,
  portDemoClientId,
  portDemoClientSecret,
} from "../../infra/local/simulators/port/server.ts";

/** What a command said, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface CommandOptions {
  /** All that the command gets to see of an environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where it runs; an empty folder unless told otherwise. */
  readonly cwd?: string;
}

/** Starts a command of lib/commands in a process of its own, as npm does. */
export function startCommand(name: string, args: readonly string[], options: CommandOptions = {}): Running {
  return startScript(`lib/commands/${name}.ts`, args, options);
}

/** The same with any file of this project. */
function startScript(file: string, args: readonly string[], options: CommandOptions): Running {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url));
  const folder = options.cwd ?? makeFolder();
  const child = spawn(process.execPath, [path, ...args], { cwd: folder, env: { ...options.env } });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]).then(
    ([stdout, stderr, [code]]) => {
      if (options.cwd === undefined) rmSync(folder, { recursive: true });
      return { code: code as number | null, stdout, stderr };
    },
  );
  return { process: child, ended };
}

export function runCommand(name: string, args: readonly string[], options?: CommandOptions): Promise<Ended> {
  return startCommand(name, args, options).ended;
}

export function runScript(file: string, args: readonly string[], options: CommandOptions): Promise<Ended> {
  return startScript(file, args, options).ended;
}

/** An empty folder of its own. */
export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), "command-"));
}

/** The settings that lead a command to the simulators. */
export function settingsFor(bitbucket: BitbucketSimulator, port: PortSimulator): Record<string, string> {
  return {
    BITBUCKET_HOST: bitbucket.url,
    BITBUCKET_TOKEN: bitbucketDemoToken,
    PORT_API_URL: port.url,
    PORT_CLIENT_ID: portDemoClientId,
    PORT_CLIENT_SECRET: portDemoClientSecret,
  };
}

/** A line of a stack trace. */
export const stackTrace = /^\s+at .+:\d+/m;

/** The last line of what was said, as JSON. */
export function lastLine({ stdout }: Ended): unknown {
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}
