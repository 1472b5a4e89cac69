import type { Closers } from "../../infra/local/closers.ts";
import { type BackfillRun, runBackfillCommand } from "./backfill-command.ts";
import type { Benchmark } from "./benchmark.ts";
import { startSimulators } from "./simulators.ts";

const projects = 5;
const pullRequestsPerRepository = 500;
const few = 20;
const many = 200;
const timeoutMs = 600_000;

/** Ten times the repositories: what becomes of the memory, and of the time for each pull request. */
export const backfillSize: Benchmark = {
  name: "backfill-size",
  async run(_packaged, closers) {
    const small = await importOf(few, closers);
    const large = await importOf(many, closers);
    const msEach = (run: BackfillRun, repositories: number) =>
      (run.seconds * 1000) / (repositories * pullRequestsPerRepository);
    const size = (repositories: number) => `${repositories * pullRequestsPerRepository} pull requests`;
    return [
      { name: "smallPeakMib", what: `${size(few)}, peak memory`, value: small.peakMib, unit: "MiB" },
      { name: "largePeakMib", what: `${size(many)}, peak memory`, value: large.peakMib, unit: "MiB" },
      {
        name: "memoryRatio",
        what: "ratio of the two",
        value: large.peakMib / small.peakMib,
        unit: "",
        target: { atMost: 1.3 },
      },
      { name: "smallSeconds", what: `${size(few)}, without delays`, value: small.seconds, unit: "s" },
      { name: "largeSeconds", what: `${size(many)}, without delays`, value: large.seconds, unit: "s" },
      {
        name: "timeRatio",
        what: "ratio of the times for one pull request",
        value: msEach(large, many) / msEach(small, few),
        unit: "",
        target: { atMost: 1.3 },
      },
    ];
  },
};

async function importOf(repositories: number, closers: Closers): Promise<BackfillRun> {
  const repositoriesPerProject = repositories / projects;
  const demo = { projects, repositoriesPerProject, pullRequestsPerRepository, users: 60 };
  const simulators = await startSimulators({ demo, bitbucketDelayMs: 0, portDelayMs: 0 }, closers);
  const run = await runBackfillCommand(simulators, timeoutMs, closers);
  await simulators.close();
  const imported = run.seen.entities["bitbucketPullrequest"];
  if (imported !== repositories * pullRequestsPerRepository)
    throw new Error(`${imported} pull requests were imported`);
  return run;
}
