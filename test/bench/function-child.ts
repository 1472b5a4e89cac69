// A container's whole life: imports the bundle that it is given, hands it the events that it is given, one by one, and
// says what that took.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { peakKib } from "./peak-kib.ts";

/** CPU times of the whole process in ms, user and system; memory in MiB. */
export interface ContainerLife {
  /** Up to the end of the import. */
  readonly startCpuMs: number;
  /** The first event. */
  readonly firstCpuMs: number;
  /** All events after the first. */
  readonly restCpuMs: number;
  readonly peakMib: number;
  readonly answers: readonly unknown[];
}

const [bundle = "", eventsFile = "", timeoutMs = ""] = process.argv.slice(2);
const events = JSON.parse(readFileSync(eventsFile, "utf8")) as readonly object[];

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
type Handler = (event: object, context: object) => Promise<unknown>;
const before = cpuMs();
const { handler } = (await import(pathToFileURL(bundle).href)) as { handler: Handler };
const imported = cpuMs();
const answers: unknown[] = [];
let first = imported;
for (const event of events) {
  const called = performance.now();
  const getRemainingTimeInMillis = () => Math.max(0, Number(timeoutMs) - (performance.now() - called));
  answers.push(await handler(event, { getRemainingTimeInMillis }));
  if (answers.length === 1) first = cpuMs();
}

const life: ContainerLife = {
  startCpuMs: imported - before,
  firstCpuMs: first - imported,
  restCpuMs: cpuMs() - first,
  peakMib: peakKib() / 1024,
  answers,
};
process.stdout.write(`${JSON.stringify(life)}\n`, () => process.exit());
