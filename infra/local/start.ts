// `npm start`: the whole pipeline on this machine.
import { loadDotEnv } from "../../lib/config/config.ts";
import { PortTakenError } from "./aws/localhost.ts";
import { postSample, sampleEntity, sizesAfterBackfill } from "./demo/sample.ts";
import { type Stack, startStack } from "./stack.ts";
import { removeStateFile, writeStateFile } from "./state-file.ts";
import { describeAnswer, isWorthShowing } from "./terminal.ts";

const usage = `npm start

Runs the whole pipeline on this machine, until Ctrl-C.

HTTP_PORT (default 3000) is the webhook's port, LOG=1 shows every log line of the functions. Bitbucket and Port are
simulated, unless BITBUCKET_HOST or PORT_CLIENT_ID name real ones; then nothing is sent by itself. All settings are in
.env.example.`;

loadDotEnv();
const verbose = process.env["LOG"] === "1";
const ending = new AbortController();

async function main(): Promise<void> {
  const stack = await startStack({
    env: process.env,
    httpPort: httpPort(),
    signal: ending.signal,
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
    await Promise.race([showSample(stack).then(() => untilAsked()), untilAsked(), untilEnded(stack)]);
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

function announce({ settings, secret, bitbucket, port }: Stack, webhook: string): void {
  if (secret === undefined) {
    console.error("WEBHOOK_SECRET is not set: every webhook is refused");
  }
  const sides = [
    `Bitbucket ${settings.realBitbucket ? process.env["BITBUCKET_HOST"] : `simulated at ${bitbucket?.url}`}`,
    `Port ${settings.realPort ? process.env["PORT_API_URL"] || "https://api.getport.io/v1" : `simulated at ${port?.url}`}`,
  ];
  console.log(sides.join(", "));
  console.log(`ready: ${webhook}`);
}

/** Only where nobody else is concerned: nothing is sent when a side is real. */
async function showSample(stack: Stack): Promise<void> {
  if (stack.port === undefined || stack.bitbucket === undefined || stack.secret === undefined) return;
  const answer = await postSample(stack);
  const entity = await sampleEntity(stack.port);
  if (entity === undefined) console.error(`The sample event, answered with ${answer}, became no entity`);
  else console.log(JSON.stringify(entity, undefined, 2));
  await showBackfill(stack, stack.port);
  console.log("Send it again, or one of your own: npm run replay -- infra/local/sample-event.json");
}

/** A resync of the demo's Bitbucket. */
async function showBackfill(stack: Stack, port: NonNullable<Stack["port"]>): Promise<void> {
  const { projects } = (await stack.invoke("resync", { state: "ALL" })) as { projects: number };
  const sizes = await sizesAfterBackfill(stack, port);
  console.log(`backfill of ${projects} projects: ${sizes ?? "still going on"}`);
}

async function untilAsked(): Promise<void> {
  if (ending.signal.aborted) return;
  await new Promise((resolve) => ending.signal.addEventListener("abort", resolve, { once: true }));
}

async function untilEnded({ ended }: Stack): Promise<never> {
  const words = await ended;
  throw new Error(`The functions' process ended by itself: ${words}`);
}

let askedAt = 0;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // Whoever asks again does not want to wait. One Ctrl-C comes twice: from the terminal, and by way of npm.
    if (ending.signal.aborted && performance.now() - askedAt > 1000) process.exit(1);
    askedAt = performance.now();
    ending.abort();
  });
}

// npm's shell may be gone without a word to us.
const parent = process.ppid;
if (process.env["npm_lifecycle_event"] !== undefined) {
  setInterval(() => {
    if (process.ppid !== parent) ending.abort();
  }, 500).unref();
}

if (process.argv.includes("--help") || process.argv.includes("-h")) {
  console.log(usage);
  process.exit();
}

try {
  await main();
} catch (error) {
  if (!ending.signal.aborted) {
    const advice = error instanceof PortTakenError ? ": is npm start running already? Or set HTTP_PORT" : "";
    console.error(`${error instanceof Error ? error.message : String(error)}${advice}`);
    process.exitCode = 1;
  }
}
process.exit();
