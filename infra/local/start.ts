// `npm start`: the whole pipeline on this machine.
import { loadDotEnv } from "../../lib/config/dot-env.ts";
import { useProxy } from "../../lib/proxy.ts";
import { announce } from "./announcement.ts";
import { PortTakenError } from "./aws/localhost.ts";
import { demonstrate } from "./demo/demonstration.ts";
import { readSettings } from "./stack/settings.ts";
import { type Stack, startStack } from "./stack.ts";
import { removeStateFile, writeStateFile } from "./state-file.ts";
import { stopSignal } from "./stop.ts";
import { describeAnswer, isWorthShowing } from "./terminal.ts";

const usage = `npm start

Runs the whole pipeline on this machine, until Ctrl-C.

HTTP_PORT (default 3000) is the webhook's port, LOG=1 shows every log line of the functions. Bitbucket and Port are
simulated, unless BITBUCKET_HOST or PORT_CLIENT_ID name real ones; then nothing is sent by itself. All settings are in
.env.example.`;

loadDotEnv();
const verbose = process.env["LOG"] === "1";
const stopping = stopSignal();

async function main(): Promise<void> {
  // With what is never to go by it: this machine's own parts.
  useProxy(process.env);
  const stack = await startStack({
    env: withDemoFiles(process.env),
    httpPort: httpPort(),
    signal: stopping,
    onLog: (line) => {
      if (verbose || isWorthShowing(line)) console.log(line);
    },
    onTrouble: (line) => console.error(line),
    onError: (error) => {
      if (verbose) console.error(error);
    },
    onAnswer: (request, status) => console.log(describeAnswer(request, status)),
  });
  const running = { url: `${stack.url}/webhook`, ...(stack.secret && { secret: stack.secret }) };
  writeStateFile(running);
  try {
    announce(stack, running.url);
    await Promise.race([demonstrate(stack).then(() => untilStopped()), untilStopped(), untilEnded(stack)]);
  } finally {
    removeStateFile(running);
    await stack.stop();
  }
}

function httpPort(): number {
  const text = process.env["HTTP_PORT"] || "3000";
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new Error(`HTTP_PORT is not a port: ${text}`);
}

/** With both sides simulated, files in the repositories are a part of what is shown. */
function withDemoFiles(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { realBitbucket, realPort, isGitops } = readSettings(env);
  return realBitbucket || realPort || isGitops ? env : { ...env, GITOPS_FILES: "**/port.yml,**/port.yaml" };
}

async function untilStopped(): Promise<void> {
  if (stopping.aborted) return;
  await new Promise((resolve) => stopping.addEventListener("abort", resolve, { once: true }));
}

async function untilEnded({ ended }: Stack): Promise<never> {
  const words = await ended;
  throw new Error(`The functions' process ended by itself: ${words}`);
}

if (process.argv.includes("--help") || process.argv.includes("-h")) {
  console.log(usage);
  process.exit();
}

try {
  await main();
} catch (error) {
  if (!stopping.aborted) {
    const advice = error instanceof PortTakenError ? ": is npm start running already? Or set HTTP_PORT" : "";
    console.error(`${error instanceof Error ? error.message : String(error)}${advice}`);
    process.exitCode = 1;
  }
}
process.exit();
