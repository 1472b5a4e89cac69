import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Closers } from "../../infra/local/closers.ts";

/** Events for a handler, of which so many are handed over at the same time (on Lambda it is one). */
export interface Job {
  readonly events: readonly object[];
  readonly concurrency: number;
}

export interface JobResult {
  /** What the handler answered, in the order of the events. */
  readonly answers: readonly unknown[];
  /** How long the handler took for each event. */
  readonly latenciesMs: readonly number[];
  /** For all of it. */
  readonly seconds: number;
}

/** A function's bundle in a thread with an environment of its own, like a Lambda container; its log goes nowhere. */
export interface Container {
  /** One job at a time. Rejects when the handler throws. */
  run(job: Job): Promise<JobResult>;
}

export interface ContainerOptions {
  /** The bundle's path. */
  readonly bundle: string;
  readonly env: Readonly<Record<string, string>>;
  /** What the handler is told that it has for an event. */
  readonly timeoutMs: number;
}

export function startContainer(options: ContainerOptions, closers: Closers): Container {
  const { bundle, env, timeoutMs } = options;
  const worker = new Worker(new URL("container-worker.ts", import.meta.url), {
    env: { ...env },
    stdout: true,
    workerData: { bundle, timeoutMs },
  });
  worker.stdout.resume();
  closers.add(() => worker.terminate());

  return {
    async run(job) {
      // Rejects as well when the thread itself fails.
      const answered = once(worker, "message") as Promise<[{ result: JobResult } | { failure: string }]>;
      worker.postMessage(job);
      const [answer] = await answered;
      if ("failure" in answer) throw new Error(`${bundle}: ${answer.failure}`);
      return answer.result;
    },
  };
}
