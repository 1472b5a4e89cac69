import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Closers } from "../../infra/local/closers.ts";

/** What Lambda answers to an invocation. */
export type Invoked =
  | { readonly answer: unknown }
  | { readonly errorType: string; readonly errorMessage: string };

/** A container of a packaged function, which stays warm between invocations. */
export interface Container {
  invoke(event: unknown): Promise<Invoked>;
  /** What it wrote so far. */
  logged(): string;
}

/**
 * Starts one in a process of its own.
 * @param folder where Lambda would have unpacked the function
 * @param env all that it gets to see
 */
export function startContainer(
  folder: string,
  bundle: string,
  env: Readonly<Record<string, string>>,
  closers: Closers,
): Container {
  const child = fork(fileURLToPath(new URL("./container-child.ts", import.meta.url)), [bundle], {
    cwd: folder,
    env: { ...env, LAMBDA_TASK_ROOT: folder },
    execArgv: [],
    silent: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output += String(chunk);
    });
  }
  const ended = once(child, "exit");
  closers.add(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return {
    logged: () => output,
    async invoke(event) {
      const answered = once(child, "message").then(([message]) => message as Invoked);
      child.send({ event });
      return Promise.race([
        answered,
        ended.then(() => {
          throw new Error(`the container has ended: ${output}`);
        }),
      ]);
    },
  };
}
