// The inside of a container: imports a function's bundle and calls its handler.
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type { Job, JobResult } from "./container.ts";

type Handler = (event: object, context: object) => Promise<unknown>;

const { bundle, timeoutMs } = workerData as { bundle: string; timeoutMs: number };
const { handler } = (await import(pathToFileURL(bundle).href)) as { handler: Handler };

parentPort?.on("message", (job: Job) => {
  work(job).then(
    (result) => parentPort?.postMessage({ result }),
    (error: unknown) => parentPort?.postMessage({ failure: String(error) }),
  );
});

async function work({ events, concurrency }: Job): Promise<JobResult> {
  const answers: unknown[] = [];
  const latenciesMs: number[] = [];
  const entries = events.entries();
  const begun = performance.now();

  async function callOneByOne(): Promise<void> {
    for (const [index, event] of entries) {
      const called = performance.now();
      const context = {
        getRemainingTimeInMillis: () => Math.max(0, Math.floor(timeoutMs - (performance.now() - called))),
      };
      answers[index] = await handler(event, context);
      latenciesMs[index] = performance.now() - called;
    }
  }

  await Promise.all(Array.from({ length: concurrency }, callOneByOne));
  return { answers, latenciesMs, seconds: (performance.now() - begun) / 1000 };
}
