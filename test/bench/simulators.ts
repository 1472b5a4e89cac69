import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Closers } from "../../infra/local/closers.ts";
import type { DemoSizes } from "../../infra/local/simulators/bitbucket/server.ts";

/** What the process is told by its only argument, as JSON. Delays are ms for each call. */
export interface SimulatorsSettings {
  readonly demo: DemoSizes;
  readonly bitbucketDelayMs: number;
  readonly portDelayMs: number;
}

/** What the simulators have seen since they were last asked; the entities are all that Port has, by blueprint. */
export interface Seen {
  readonly bitbucketCalls: number;
  readonly portCalls: number;
  /** Of Port's calls, those that write or delete. */
  readonly portWrites: number;
  readonly entities: Readonly<Record<string, number>>;
}

/** Base URLs, and the credentials that both sides take. */
export interface SimulatorsStarted {
  readonly bitbucketUrl: string;
  readonly portUrl: string;
  readonly credentials: Readonly<Record<string, string>>;
}

export interface Simulators extends SimulatorsStarted {
  seen(): Promise<Seen>;
  close(): Promise<void>;
}

/** Starts a Bitbucket with made-up data and an empty Port in another process, which the closers end. */
export async function startSimulators(settings: SimulatorsSettings, closers: Closers): Promise<Simulators> {
  const script = fileURLToPath(new URL("simulators-child.ts", import.meta.url));
  const child = fork(script, [JSON.stringify(settings)], { execArgv: [], stdio: "inherit" });
  closers.add(close);
  const started = await answer<SimulatorsStarted>(child);

  async function close(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  return {
    ...started,
    seen() {
      const seen = answer<Seen>(child);
      child.send("seen");
      return seen;
    },
    close,
  };
}

async function answer<Message>(child: ChildProcess): Promise<Message> {
  const settled = new AbortController();
  const { signal } = settled;
  const failed = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`the simulators ended with ${code}`);
  });
  try {
    const [message] = await Promise.race([once(child, "message", { signal }), failed]);
    return message as Message;
  } finally {
    failed.catch(() => undefined);
    settled.abort();
  }
}
