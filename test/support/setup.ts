import type { Webhook } from "../../infra/local/simulators/bitbucket/model.ts";
import {
  type BitbucketSimulator,
  type BitbucketSimulatorOptions,
  startBitbucketSimulator,
} from "../../infra/local/simulators/bitbucket/server.ts";
import type { Call } from "../../infra/local/simulators/http.ts";
import {
  type PortSimulator,
  type PortSimulatorOptions,
  startPortSimulator,
} from "../../infra/local/simulators/port/server.ts";
import { parseBackfillConfig } from "../../lib/config/parse.ts";
import { createSetupContext } from "../../lib/setup/create-context.ts";
import { setup } from "../../lib/setup/setup.ts";
import type { SetupSummary } from "../../lib/setup/summary.ts";
import { settingsFor } from "./command.ts";

export const target = { url: "https://hooks.example.org/webhook", secret: "a secret for tests" };

/** Both sides, and a setup between them. */
export interface SetupHarness {
  readonly bitbucket: BitbucketSimulator;
  readonly port: PortSimulator;
  /** Runs it once; `env` adds settings. */
  run(input?: object, env?: Readonly<Record<string, string>>, secret?: string): Promise<SetupSummary>;
  /** What the last run told. */
  readonly notes: string[];
  close(): Promise<void>;
}

export async function startSetup(
  options: { bitbucket?: BitbucketSimulatorOptions; port?: PortSimulatorOptions } = {},
): Promise<SetupHarness> {
  const [bitbucket, port] = await Promise.all([
    startBitbucketSimulator(options.bitbucket),
    startPortSimulator(options.port),
  ]);
  const notes: string[] = [];
  return {
    bitbucket,
    port,
    notes,
    run(input = {}, env = {}, secret = target.secret) {
      notes.length = 0;
      const config = parseBackfillConfig({ ...settingsFor(bitbucket, port), ...env });
      const context = createSetupContext(config, { ...target, secret }, (note) => void notes.push(note));
      return setup(input, context);
    },
    async close() {
      await Promise.all([bitbucket.close(), port.close()]);
    },
  };
}

/** Calls that write, tokens left out. */
export function writesOf({ calls }: { readonly calls: readonly Call[] }): Call[] {
  return calls.filter(({ method, path }) => method !== "GET" && !path.endsWith("/auth/access_token"));
}

/** The webhooks of a simulated Bitbucket under an address, by `KEY` or `KEY/slug`. */
export function webhooksOf(
  { data }: BitbucketSimulator,
  isWanted: (webhook: Webhook) => boolean = ({ url }) => url === target.url,
): Map<string, Webhook[]> {
  const found = new Map<string, Webhook[]>();
  for (const { key, webhooks, repositories } of data.projects.values()) {
    found.set(key, [...webhooks.values()].filter(isWanted));
    for (const { slug, webhooks: own } of repositories.values()) {
      found.set(`${key}/${slug}`, [...own.values()].filter(isWanted));
    }
  }
  return new Map([...found].filter(([, list]) => list.length > 0));
}

let lastId = 1_000_000;

/** Puts a webhook straight into the model. */
export function putWebhook(
  owner: { readonly webhooks: Map<number, Webhook> },
  values: Partial<Webhook> = {},
) {
  const webhook: Webhook = {
    id: ++lastId,
    name: "somebody else's",
    url: `https://ci.example.org/${lastId}`,
    events: ["pr:opened"],
    active: true,
    sslVerificationRequired: true,
    configuration: { secret: "theirs" },
    createdDate: 1,
    updatedDate: 1,
    ...values,
  };
  owner.webhooks.set(webhook.id, webhook);
  return webhook;
}
