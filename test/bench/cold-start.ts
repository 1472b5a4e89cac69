import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Closers } from "../../infra/local/closers.ts";
import { runNode } from "../support/run-node.ts";
import type { Benchmark, Figure } from "./benchmark.ts";
import type { ColdStart } from "./cold-start-child.ts";
import { delivery } from "./delivery.ts";
import type { Packaged } from "./packaged.ts";
import { startStand } from "./stand.ts";
import { median } from "./statistics.ts";
import { interleaved, lives } from "./workload.ts";

const pairs = 9;
const timeoutMs = 30_000;

/** A fresh process up to its first acknowledged event, over the same for a bundle that does nothing but send. */
export const coldStart: Benchmark = {
  name: "cold-start",
  async run(packageOnce, closers) {
    const packaged = await packageOnce();
    const stand = await startStand(closers);
    const env = { ...packaged.environment("webhook"), ...stand.env };
    // Not by its TypeScript, so that nothing but the bundle keeps the process busy.
    const child = await packaged.build("cold-start-child.ts");
    const bundles = [await packaged.bundle("webhook"), await packaged.build("baseline.ts")] as const;
    const once = (bundle: string) => startOnce(child, bundle, env, packaged, closers);

    // Once without counting, so that the files are in the system's memory and the servers are warm.
    for (const bundle of bundles) await once(bundle);
    const webhook: ColdStart[] = [];
    const baseline: ColdStart[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      // The first place changes from pair to pair.
      if (pair % 2 === 0) webhook.push(await once(bundles[0]));
      baseline.push(await once(bundles[1]));
      if (pair % 2 === 1) webhook.push(await once(bundles[0]));
    }
    return figures(webhook, baseline);
  },
};

async function startOnce(
  child: string,
  bundle: string,
  env: Readonly<Record<string, string>>,
  { folder }: Packaged,
  closers: Closers,
): Promise<ColdStart> {
  const eventFile = join(folder, "event.json");
  await writeFile(eventFile, JSON.stringify(delivery(interleaved(lives(1))[0] ?? {})));
  // Nothing of the user's own: not even a home, where the AWS SDK would look for settings.
  const options = { cwd: folder, env: { ...env, HOME: folder }, timeoutMs };
  const output = await runNode([child, bundle, eventFile], options, closers);
  // Before it are the function's own lines.
  const result = JSON.parse(output.trimEnd().split("\n").at(-1) ?? "") as ColdStart;
  if (result.status !== 202) throw new Error(`${bundle} answered ${result.status}:\n${output}`);
  return result;
}

function figures(webhook: readonly ColdStart[], baseline: readonly ColdStart[]): Figure[] {
  const ms = (name: string, what: string, values: readonly number[]): Figure => {
    return { name, what: `${what} (median of ${pairs})`, value: median(values), unit: "ms" };
  };
  const acknowledged = ({ acknowledgedMs }: ColdStart) => acknowledgedMs;
  const imported = ({ importedMs }: ColdStart) => importedMs;
  return [
    ms("webhookMs", "webhook, import and first 202", webhook.map(acknowledged)),
    ms("baselineMs", "baseline, import and first 202", baseline.map(acknowledged)),
    {
      name: "ratio",
      what: "ratio of the two medians",
      value: median(webhook.map(acknowledged)) / median(baseline.map(acknowledged)),
      unit: "",
      target: { atMost: 1.5 },
    },
    ms("webhookImportMs", "webhook, import alone", webhook.map(imported)),
    ms("baselineImportMs", "baseline, import alone", baseline.map(imported)),
  ];
}
