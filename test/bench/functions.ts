import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Closers } from "../../infra/local/closers.ts";
import { runNode } from "../support/run-node.ts";
import type { Benchmark, Figure } from "./benchmark.ts";
import type { ContainerLife } from "./function-child.ts";
import { type Load, loads } from "./function-loads.ts";
import type { Packaged } from "./packaged.ts";
import { startSimulators } from "./simulators.ts";
import { startStand } from "./stand.ts";

const timeoutMs = 300_000;
/** Of a function's memory, which has to leave room for what is not measured here: Lambda's own runtime. */
const mostOfMemory = 0.75;

/** What each function takes of its memory, and of the CPU, for a container's life under load. */
export const functions: Benchmark = {
  name: "functions",
  async run(packageOnce, closers) {
    const packaged = await packageOnce();
    const child = await packaged.build("function-child.ts");
    const figures: Figure[] = [];
    for (const load of loads()) figures.push(...(await measure(load, child, packaged, closers)));
    return figures;
  },
};

async function measure(load: Load, child: string, packaged: Packaged, closers: Closers): Promise<Figure[]> {
  const { key, events, unit, each } = load;
  const simulators = await startSimulators({ demo: load.demo, bitbucketDelayMs: 0, portDelayMs: 0 }, closers);
  const stand = await startStand(closers, simulators.credentials);
  const eventsFile = join(packaged.folder, `${key}-events.json`);
  await writeFile(eventsFile, JSON.stringify(events));
  const env = {
    ...packaged.environment(key),
    ...stand.env,
    PORT_API_URL: simulators.portUrl,
    BITBUCKET_HOST: simulators.bitbucketUrl,
    WEBHOOK_URL: "https://hooks.example.org/webhook",
    HOME: packaged.folder,
  };
  const bundle = await packaged.bundle(key);
  const options = { cwd: packaged.folder, env, timeoutMs };
  const args = [child, bundle, eventsFile, String(timeoutMs)];
  const output = await runNode(args, options, closers);
  await simulators.close();
  const life = JSON.parse(output.trimEnd().split("\n").at(-1) ?? "") as ContainerLife;
  if (!life.answers.every(load.isGood)) throw new Error(`${key} answered ${JSON.stringify(life.answers[0])}`);
  const memory = packaged.memoryMib(key);
  return [
    {
      name: `${key}PeakMib`,
      what: `${key}, peak memory of ${memory} MiB`,
      value: life.peakMib,
      unit: "MiB",
      target: { atMost: mostOfMemory * memory },
    },
    { name: `${key}StartCpuMs`, what: `${key}, CPU to load the bundle`, value: life.startCpuMs, unit: "ms" },
    { name: `${key}FirstCpuMs`, what: `${key}, CPU for the first event`, value: life.firstCpuMs, unit: "ms" },
    {
      name: `${key}EachCpuMs`,
      what: `${key}, CPU for each ${unit} (${each})`,
      value: (events.length === 1 ? life.firstCpuMs : life.restCpuMs) / each,
      unit: "ms",
    },
  ];
}
