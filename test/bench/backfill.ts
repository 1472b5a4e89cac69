import type { Closers } from "../../infra/local/closers.ts";
import { type BackfillRun, runBackfillCommand } from "./backfill-command.ts";
import { objectsIn, sizes, tenth, wrongEntities } from "./backfill-sizes.ts";
import type { Benchmark, Figure } from "./benchmark.ts";
import { importOneByOne } from "./one-by-one.ts";
import { startSimulators } from "./simulators.ts";
import { median } from "./statistics.ts";

const delays = { bitbucketDelayMs: 25, portDelayMs: 60 };
/** First runs, each against an empty Port. */
const runs = 3;
const timeoutMs = 120_000;

/** First imports, one again with nothing changed, and an import of one object after the other. */
export const backfill: Benchmark = {
  name: "backfill",
  async run(_packaged, closers) {
    const firsts: BackfillRun[] = [];
    let again: BackfillRun | undefined;
    while (firsts.length < runs) {
      const simulators = await startSimulators({ demo: sizes, ...delays }, closers);
      firsts.push(await runBackfillCommand(simulators, timeoutMs, closers));
      if (firsts.length === runs) again = await runBackfillCommand(simulators, timeoutMs, closers);
      await simulators.close();
    }
    const baseline = await measureBaseline(closers);
    return figuresOf(firsts, again as BackfillRun, baseline);
  },
};

async function measureBaseline(closers: Closers): Promise<{ seconds: number; objects: number }> {
  const simulators = await startSimulators({ demo: tenth, ...delays }, closers);
  const begun = performance.now();
  const objects = await importOneByOne(simulators);
  const seconds = (performance.now() - begun) / 1000;
  await simulators.close();
  if (objects !== objectsIn(tenth)) throw new Error(`the baseline imported ${objects} objects`);
  return { seconds, objects };
}

function figuresOf(
  firsts: readonly BackfillRun[],
  again: BackfillRun,
  baseline: { readonly seconds: number; readonly objects: number },
): Figure[] {
  const objects = objectsIn(sizes);
  const seconds = median(firsts.map((run) => run.seconds));
  const scaled = (baseline.seconds / baseline.objects) * objects;
  const { bitbucketDelayMs, portDelayMs } = delays;
  const workload = `${objects} objects, Bitbucket ${bitbucketDelayMs} ms, Port ${portDelayMs} ms a call`;
  const most = (of: (run: BackfillRun) => number) => Math.max(...firsts.map(of));
  return [
    figure("seconds", `first run (${workload}; median of ${runs})`, seconds, "s"),
    figure(
      "portCalls",
      "first run, calls to Port",
      most(({ seen }) => seen.portCalls),
      "",
      { atMost: 300 },
    ),
    figure(
      "bitbucketCalls",
      "first run, calls to Bitbucket",
      most(({ seen }) => seen.bitbucketCalls),
    ),
    figure(
      "wrongEntities",
      "first run, entities in Port too few or too many",
      most(({ seen }) => wrongEntities(seen)),
      "",
      {
        atMost: 0,
      },
    ),
    figure(
      "peakMib",
      "first run, peak memory",
      most(({ peakMib }) => peakMib),
      "MiB",
    ),
    figure("againSeconds", "again, nothing changed", again.seconds, "s"),
    figure("againPortCalls", "again, calls to Port", again.seen.portCalls, "", { atMost: 40 }),
    figure("againPortWrites", "again, writes to Port", again.seen.portWrites, "", { atMost: 0 }),
    figure("againBitbucketCalls", "again, calls to Bitbucket", again.seen.bitbucketCalls),
    figure("baselineSeconds", `one by one, ${baseline.objects} objects`, baseline.seconds, "s"),
    figure("baselineScaled", "one by one, scaled to all objects", scaled, "s"),
    figure("ratio", "one by one over the first run", scaled / seconds, "", { atLeast: 50 }),
  ];
}

function figure(name: string, what: string, value: number, unit = "", target?: Figure["target"]): Figure {
  return { name, what, value, unit, ...(target === undefined ? {} : { target }) };
}
