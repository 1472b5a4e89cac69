// `npm run bench`: the benchmarks.
import { parseArgs } from "node:util";
import { createClosers } from "../../infra/local/closers.ts";
import { runCommand, UsageError } from "../../lib/commands/run.ts";
import { backfill } from "./backfill.ts";
import { backfillSize } from "./backfill-size.ts";
import type { Benchmark, Figure } from "./benchmark.ts";
import { coldStart } from "./cold-start.ts";
import { consumer } from "./consumer.ts";
import { definitions } from "./definitions.ts";
import { functions } from "./functions.ts";
import { packageService } from "./packaged.ts";
import { isAllMet, jsonLine, table } from "./report.ts";
import { webhook } from "./webhook.ts";

const benchmarks: readonly Benchmark[] = [
  coldStart,
  webhook,
  consumer,
  functions,
  definitions,
  backfill,
  backfillSize,
];

const usage = `npm run bench -- [--only NAMES] [--json]

Measures the packaged functions and the backfill against a local SQS, Secrets Manager, Bitbucket and Port, and prints
a table. All of it takes some minutes.

  --only NAMES  comma-separated; default: all of them
                cold-start  a fresh process's import of the webhook and its first 202, over the same for a
                            bundle that does nothing but send the body to SQS
                webhook     acknowledgements a second, and how long the handler takes
                consumer    1,000 events over 200 pull requests: calls to Port per event, events a second
                functions   each function's container under load: memory, and CPU for each event
                definitions a pushed port.yml through the whole local pipeline: seconds until its entity is there
                backfill    4,165 objects, and again with nothing changed: seconds, calls and memory, over an
                            import of one object after the other
                backfill-size  100,000 pull requests over 10,000: memory, and the time for each
  --json        one JSON object as the last line of stdout
  --help        this text

Needs no network and leaves nothing behind. Exits with 0 when every target is met.`;

const closers = createClosers();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => void closers.close().finally(() => process.exit(1)));
}

await runCommand(usage, async (args) => {
  const { values } = parseArgs({
    args,
    options: { only: { type: "string" }, json: { type: "boolean", default: false } },
  });
  const chosen = choose(values.only);
  const begun = performance.now();
  const report = new Map<string, readonly Figure[]>();
  try {
    const packaged = once(() => {
      process.stderr.write("packaging\n");
      return packageService(closers);
    });
    for (const benchmark of chosen) {
      process.stderr.write(`${benchmark.name}\n`);
      const own = createClosers();
      closers.add(() => own.close());
      report.set(benchmark.name, await benchmark.run(packaged, own).finally(() => own.close()));
    }
  } finally {
    await closers.close();
  }
  process.stdout.write(`${table(report)}\n`);
  if (values.json) process.stdout.write(`${jsonLine(report, (performance.now() - begun) / 1000)}\n`);
  return isAllMet(report) ? 0 : 1;
});

/** Only some of the benchmarks need the package. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function choose(only: string | undefined): readonly Benchmark[] {
  if (only === undefined) return benchmarks;
  return only.split(",").map((name) => {
    const found = benchmarks.find((benchmark) => benchmark.name === name.trim());
    if (found === undefined) throw new UsageError(`there is no benchmark ${name}`);
    return found;
  });
}
