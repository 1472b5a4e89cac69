import { createBackfillContext } from "../backfill/create-context.ts";
import { runBackfill } from "../backfill/run.ts";
import { loadDotEnv } from "../config/dot-env.ts";
import { parseBackfillConfig } from "../config/parse.ts";
import { createBackfillDefinitions } from "../gitops/backfill.ts";
import { createGitops } from "../gitops/create.ts";
import { withoutWrites } from "../port/dry-run.ts";
import { useProxy } from "../proxy.ts";
import { flagSettings, parseBackfillFlags } from "./backfill-flags.ts";
import { createProgress } from "./progress.ts";
import { createReport } from "./report.ts";
import { runCommand } from "./run.ts";
import { stopOnInterrupt } from "./stop.ts";

const usage = `npm run backfill -- [options]

Reads users, projects, repositories and pull requests from Bitbucket and brings Port up to date. What is there already
is not written again; what is gone from Bitbucket is deleted, as long as it is not too much at once.

  --projects A,B        only these projects (default: BITBUCKET_PROJECTS_FILTER, else all)
  --state STATE         ALL, OPEN, MERGED or DECLINED pull requests (default: PULL_REQUEST_STATE, else
                        what the mapping says, else OPEN)
  --dry-run             reads everything, writes nothing, and says what would be done
  --allow-mass-delete   deletes even more than MAX_DELETE_PERCENT (default 30) of what Port has in a scope
  --delete-superseded   deletes entities of objects that the mapping calls something else by now, all of them
  --json                a JSON object with the figures as the last line
  --help                this text

Settings come from the environment or .env: PORT_CLIENT_ID, PORT_CLIENT_SECRET, PORT_API_URL, BITBUCKET_HOST,
BITBUCKET_TOKEN (or BITBUCKET_USERNAME and BITBUCKET_PASSWORD), BITBUCKET_CONCURRENCY (default 8), PERSONAL_PROJECTS,
MAPPING.
Exits with 0 only when everything was reconciled. Ctrl-C stops after the calls that are under way.`;

await runCommand(usage, async (args) => {
  const flags = parseBackfillFlags(args);
  loadDotEnv();
  useProxy(process.env);
  // Logs go with the functions; on a terminal the summary says what matters.
  process.env["LOG_LEVEL"] ||= "error";
  const config = parseBackfillConfig({ ...process.env, ...flagSettings(flags) });
  const started = performance.now();
  const stop = stopOnInterrupt();
  const created = await createBackfillContext(config, () => stop.calls, undefined, stop.asked);
  const dryRun = flags["dry-run"];
  const report = createReport();
  const progress = createProgress(process.stderr);
  const context = {
    ...created,
    port: dryRun ? withoutWrites(created.port) : created.port,
    dryRun,
    allowMassDelete: flags["allow-mass-delete"],
    deleteSuperseded: flags["delete-superseded"],
    report: (...entry: Parameters<typeof report.add>) => {
      report.add(...entry);
      progress.wrote();
    },
    progress: progress.report,
    outOfTime: () => stop.asked.aborted,
    tell: (sentence: string) => process.stderr.write(`note: ${sentence}\n`),
  };
  const definitionFiles = createBackfillDefinitions(createGitops(config.gitops, context));
  const problems = await runBackfill({ ...context, definitionFiles }, stop.asked);
  progress.end();
  stop.end();
  const ok = problems.length === 0;
  const calls = { bitbucket: created.bitbucket.calls(), port: created.port.calls() };
  const seconds = Math.round(performance.now() - started) / 1000;
  const { counts, notes } = context;
  process.stdout.write(report.text({ counts, problems, notes, calls, seconds, dryRun }));
  if (flags.json)
    process.stdout.write(`${JSON.stringify({ ok, kinds: counts, calls, seconds, problems, notes })}\n`);
  return ok ? 0 : 1;
});
