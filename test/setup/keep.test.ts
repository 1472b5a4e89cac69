import { afterEach, expect, test, vi } from "vitest";
import { startSecrets } from "../../infra/local/aws/secrets.ts";
import type { BitbucketSimulatorOptions } from "../../infra/local/simulators/bitbucket/server.ts";
import type { BackfillContext } from "../../lib/backfill/context.ts";
import { createBackfillRuntime } from "../../lib/backfill/runtime.ts";
import { workOff } from "../../lib/backfill/work.ts";
import type { JsonObject } from "../../lib/json.ts";
import type { Queue } from "../../lib/queue/queue.ts";
import { settingsFor } from "../support/command.ts";
import { putWebhook, type SetupHarness, startSetup, target, webhooksOf, writesOf } from "../support/setup.ts";

let harness: SetupHarness;
let logged: JsonObject[];
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A container of the backfill function, with the stack's own settings and these. */
async function start(bitbucket: BitbucketSimulatorOptions = {}, settings: Record<string, string> = {}) {
  harness = await startSetup({ bitbucket });
  closers.push(harness.close);
  await harness.run({ remove: true });
  const {
    BITBUCKET_HOST = "",
    PORT_API_URL = "",
    ...credentials
  } = settingsFor(harness.bitbucket, harness.port);
  const secrets = await startSecrets({
    credentials: { AWSCURRENT: JSON.stringify(credentials) },
    webhook: { AWSCURRENT: target.secret },
  });
  closers.push(secrets.close);
  const aws = {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    AWS_REGION: "local",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
  for (const [name, value] of Object.entries(aws)) vi.stubEnv(name, value);
  logged = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    logged.push(JSON.parse(String(chunk)) as JsonObject);
    return true;
  });
  closers.push(
    () => spy.mockRestore(),
    () => vi.unstubAllEnvs(),
  );
  return createBackfillRuntime({
    BITBUCKET_HOST,
    PORT_API_URL,
    BACKFILL_QUEUE_URL: "http://127.0.0.1:9/backfill",
    CREDENTIALS_SECRET_ID: "credentials",
    WEBHOOK_SECRET_ID: "webhook",
    WEBHOOK_URL: target.url,
    ...settings,
  });
}
const signal = new AbortController().signal;
const warnings = () => logged.filter(({ level }) => level === "warn");
const owners = () => [...webhooksOf(harness.bitbucket).keys()];

test("a new project gets its webhook, a second time writes nothing", async () => {
  const runtime = await start();
  const { keepWebhook } = await runtime.context(signal);
  await keepWebhook?.("MOPP");
  expect(owners()).toEqual(["MOPP"]);
  expect(webhooksOf(harness.bitbucket).get("MOPP")?.[0]?.configuration.secret).toBe(target.secret);
  const writes = writesOf(harness.bitbucket).length;
  const calls = harness.bitbucket.calls.length;
  await (await runtime.context(signal)).keepWebhook?.("MOPP");
  expect(writesOf(harness.bitbucket)).toHaveLength(writes);
  expect(harness.bitbucket.calls.length - calls).toBe(2);
  expect(warnings()).toEqual([]);
});

test("up to 8.7 each repository gets one", async () => {
  const { keepWebhook } = await (await start({ version: "8.7.1" })).context(signal);
  await keepWebhook?.("MOPP");
  expect(owners()).toEqual(["MOPP/data-analyses", "MOPP/pipeline-tools"]);
});

test("after an update of Bitbucket the repositories' webhooks go with the first run", async () => {
  const runtime = await start();
  const repository = harness.bitbucket.data.projects.get("MOPP")?.repositories.get("data-analyses");
  if (repository !== undefined) putWebhook(repository, { url: target.url });
  await (await runtime.context(signal)).keepWebhook?.("MOPP");
  expect(owners()).toEqual(["MOPP"]);
});

test("a missing permission is a warning with the project's key", async () => {
  const { keepWebhook } = await (await start()).context(signal);
  harness.bitbucket.setIntercept(({ path }) =>
    path.includes("/webhooks") ? { status: 401, body: { errors: [] } } : undefined,
  );
  await keepWebhook?.("MOPP");
  expect(warnings()).toEqual([
    expect.objectContaining({ project: "MOPP", failed: [expect.stringMatching(/PROJECT_ADMIN/)] }),
  ]);
});

test.each<[string, Record<string, string>]>([
  ["an address that is none", { WEBHOOK_URL: "nonsense" }],
  ["a secret without a value", { WEBHOOK_SECRET_ID: "another" }],
])("%s is a warning, and nothing is written", async (_, settings) => {
  const { keepWebhook } = await (await start({}, settings)).context(signal);
  await keepWebhook?.("MOPP");
  expect(warnings()).toEqual([expect.objectContaining({ project: "MOPP", error: "ConfigError" })]);
  expect(owners()).toEqual([]);
});

test.each<Record<string, string>>([{ WEBHOOK_URL: "" }, { WEBHOOK_SECRET_ID: "" }])(
  "where the stack has no webhook nothing is kept: %j",
  async (settings) => {
    expect((await (await start({}, settings)).context(signal)).keepWebhook).toBeUndefined();
  },
);

test("an event that Bitbucket refuses is asked for once in a container's life", async () => {
  const runtime = await start();
  let refusals = 0;
  harness.bitbucket.setIntercept(({ method, body }) => {
    if (method === "GET" || !(body as { events: string[] }).events.includes("repo:forked")) return undefined;
    refusals++;
    return { status: 400, body: { errors: [{ message: "the event repo:forked is unknown" }] } };
  });
  for (const key of ["MOPP", "SHOP", "MOPP"]) await (await runtime.context(signal)).keepWebhook?.(key);
  expect(refusals).toBe(1);
  expect(owners()).toEqual(["MOPP", "SHOP"]);
});

test("a resync's message makes sure of its project; a rename's, a repository's and a continuation do not", async () => {
  const runtime = await start();
  await harness.run();
  const kept: string[] = [];
  const context: BackfillContext = {
    ...(await runtime.context(signal)),
    keepWebhook: async (project) => void kept.push(project),
  };
  const queue: Queue = {
    send: async () => {},
    pending: async () => ({ waiting: 0, inFlight: 1 }),
    sendAll: async () => {},
    hide: async () => {},
  };
  const work = { cursor: { start: 0 }, gone: [] };
  const messages = [
    { runId: "r", project: "MOPP" },
    { project: "SHOP" },
    { runId: "r", project: "SHOP", repository: "data-analyses" },
    { runId: "r", project: "SHOP", work },
    { runId: "r", users: true },
  ];
  for (const message of messages) {
    const received = {
      id: "1",
      body: JSON.stringify(message),
      receiptHandle: "",
      groupId: "",
      receiveCount: 1,
      sentAt: 0,
    };
    expect(await workOff(received, queue, context)).toBe(false);
  }
  expect(kept).toEqual(["MOPP"]);
});
