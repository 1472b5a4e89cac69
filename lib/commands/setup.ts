import { parseArgs } from "node:util";
import type { Config } from "../config/config.ts";
import { loadDotEnv } from "../config/dot-env.ts";
import { parseSetupConfig } from "../config/parse.ts";
import { ConfigError } from "../errors.ts";
import { useProxy } from "../proxy.ts";
import { setUpByHand } from "../setup/by-hand.ts";
import type { WebhookTarget } from "../setup/context.ts";
import { createPortSide, createSetupContext } from "../setup/create-context.ts";
import type { SetupRequest } from "../setup/request.ts";
import { setup } from "../setup/setup.ts";
import { notBegun, type SetupSummary } from "../setup/summary.ts";
import { runCommand, UsageError } from "./run.ts";
import { setupText } from "./setup-report.ts";
import { setupTarget } from "./setup-target.ts";

const usage = `npm run setup -- --url URL [options]

Creates the blueprints in Port, or adds to them what is missing, and puts a webhook on each project in Bitbucket (on
each repository up to Bitbucket 8.7). Looks at both sides first and says what is wrong. What is in order is not written
again; what others made is left alone.

  --url URL    the webhook's address, as the deployment printed it; default: the stack that npm start runs here, when
               Bitbucket is on this machine, too
  --rotate     sends the present secret to the webhooks that are there already
  --remove     takes our webhooks away again; Port is left alone
  --dry-run    reads everything, writes nothing, and says what would be done
  --json       a JSON object with the figures as the last line
  --help       this text

Settings come from the environment or .env: WEBHOOK_SECRET, PORT_CLIENT_ID, PORT_CLIENT_SECRET, PORT_API_URL,
BITBUCKET_HOST, BITBUCKET_TOKEN (or BITBUCKET_USERNAME and BITBUCKET_PASSWORD) with PROJECT_ADMIN on the projects,
BITBUCKET_PROJECTS_FILTER, PERSONAL_PROJECTS, IS_VERSION_8_7_OR_OLDER, MAPPING. With BITBUCKET_HOST=none it creates the blueprints, and says
what webhooks need that are made by hand.
Exits with 0 only when every webhook is as it should be.`;

await runCommand(usage, async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      url: { type: "string" },
      remove: { type: "boolean", default: false },
      rotate: { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const { remove, rotate, json, "dry-run": dryRun } = values;
  if (remove && rotate) throw new UsageError("--remove and --rotate exclude each other");
  loadDotEnv();
  useProxy(process.env);
  process.env["LOG_LEVEL"] ||= "error";
  const config = parseSetupConfig(process.env);
  const target = setupTarget(values.url, remove, config.bitbucket?.host);
  const tell = (note: string) => process.stderr.write(`note: ${note}\n`);
  const say = (summary: SetupSummary) => {
    if (json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  };
  try {
    const summary = await run({ remove, rotate, dryRun }, config, target, tell);
    process.stdout.write(setupText(summary, dryRun, remove));
    say(summary);
    return summary.ok ? 0 : 1;
  } catch (error) {
    if (error instanceof ConfigError) say(notBegun(error.faults));
    throw error;
  }
});

function run(
  request: SetupRequest,
  { bitbucket, ...others }: Config,
  target: WebhookTarget,
  tell: (note: string) => void,
): Promise<SetupSummary> {
  if (bitbucket !== undefined)
    return setup(request, createSetupContext({ ...others, bitbucket }, target, tell));
  const handMade = { url: target.url, secretPlace: "the value of WEBHOOK_SECRET" };
  return setUpByHand(request, handMade, createPortSide({ ...others, bitbucket }, tell));
}
