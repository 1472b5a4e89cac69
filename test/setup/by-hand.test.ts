import type { Context } from "aws-lambda";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { handler } from "../../functions/setup.ts";
import { type Secrets, startSecrets } from "../../infra/local/aws/secrets.ts";
import {
  type PortSimulator,
  portDemoClientId,
  portDemoClientSecret,
  startPortSimulator,
} from "../../infra/local/simulators/port/server.ts";
import { wantedEvents } from "../../lib/bitbucket/webhook-events.ts";
import type { SetupSummary } from "../../lib/setup/summary.ts";
import { lastLine, runCommand } from "../support/command.ts";
import { rejection } from "../support/rejection.ts";
import { writesOf } from "../support/setup.ts";

const url = "https://hooks.example.org/webhook";
let port: PortSimulator;
let secrets: Secrets;
let logged: string;
let credentials: Record<string, string>;
beforeEach(async () => {
  port = await startPortSimulator();
  credentials = { PORT_CLIENT_ID: portDemoClientId, PORT_CLIENT_SECRET: portDemoClientSecret };
  secrets = await startSecrets({
    credentials: { AWSCURRENT: JSON.stringify(credentials) },
    "arn:hook": { AWSCURRENT: "hush-hush" },
  });
  const env = {
    // What the stack makes of bitbucketHost=none.
    BITBUCKET_HOST: "",
    PORT_API_URL: port.url,
    CREDENTIALS_SECRET_ID: "credentials",
    WEBHOOK_SECRET_ID: "arn:hook",
    WEBHOOK_URL: url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    AWS_REGION: "local",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  logged = "";
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    logged += String(chunk);
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await Promise.all([port.close(), secrets.close()]);
});

const invoke = (request: object) => handler(request, { getRemainingTimeInMillis: () => 60_000 } as Context);

test("without a Bitbucket setup creates the blueprints, and says what webhooks made by hand need", async () => {
  const { notes = [], ...summary } = await invoke({});
  expect(summary).toMatchObject({
    ok: true,
    blueprints: { created: 4 },
    webhooks: { level: null, failed: [] },
  });
  expect(port.blueprints()).toHaveLength(4);
  expect(notes).toHaveLength(1);
  for (const part of [url, "get-secret-value --secret-id arn:hook", "by hand", ...wantedEvents("project")]) {
    expect(notes[0]).toContain(part);
  }
  expect(logged).toContain(JSON.stringify(notes[0]));
  expect(JSON.stringify(notes) + logged).not.toContain("hush-hush");
  expect(await invoke({})).toMatchObject({ ok: true, blueprints: { created: 0, unchanged: 4 } });
});

test("without a Bitbucket a dry run writes nothing, and taking webhooks away is said to be done by hand", async () => {
  expect(await invoke({ dryRun: true })).toMatchObject({ ok: true, blueprints: { created: 4 } });
  const { notes, ok } = await invoke({ remove: true });
  expect([ok, notes]).toEqual([true, [expect.stringMatching(`${url} have to be taken away by hand`)]]);
  expect(writesOf(port)).toEqual([]);
});

test("without a Bitbucket a rotation says in a sentence that it needs one, and puts no secret", async () => {
  const error = (await rejection(invoke({ rotate: true }))) as Error;
  expect(error.message).toMatch(/no Bitbucket is configured .*bitbucketHost.*by hand/);
  expect(error.message.split("\n")).toHaveLength(2);
  expect(secrets.values("arn:hook")).toEqual({ AWSCURRENT: "hush-hush", AWSPREVIOUS: undefined });
});

test("without a Bitbucket what is wrong with Port is said as ever", async () => {
  secrets.put("credentials", { AWSCURRENT: JSON.stringify({ ...credentials, PORT_CLIENT_SECRET: "wrong" }) });
  await expect(invoke({})).rejects.toThrow(/Port does not accept PORT_CLIENT_ID and PORT_CLIENT_SECRET/);
  secrets.put("credentials", { AWSCURRENT: "{}" });
  await expect(invoke({})).rejects.toThrow(/PORT_CLIENT_ID is not set/);
});

test("the command does the same, a host without credentials is a mistake, and a backfill needs a Bitbucket", async () => {
  const env = { ...credentials, PORT_API_URL: port.url, WEBHOOK_SECRET: "hush-hush", BITBUCKET_HOST: "none" };
  const ended = await runCommand("setup", ["--url", url, "--json"], { env });
  expect(ended.code).toBe(0);
  expect((lastLine(ended) as SetupSummary).blueprints.created).toBe(4);
  expect(ended.stdout).not.toContain("webhooks in Bitbucket");
  expect(ended.stderr).toMatch(
    new RegExp(`note: no Bitbucket.*URL: ${url}. Secret: the value of WEBHOOK_SECRET`),
  );
  expect(ended.stderr + ended.stdout).not.toContain("hush-hush");

  const forgot = await runCommand("setup", ["--url", url], { env: { ...env, BITBUCKET_HOST: "" } });
  expect([forgot.code, forgot.stderr]).toEqual([
    1,
    expect.stringMatching(/BITBUCKET_HOST is not set \(none where/),
  ]);
  const half = await runCommand("setup", ["--url", url], {
    env: { ...env, BITBUCKET_HOST: "http://127.0.0.1:9" },
  });
  expect([half.code, half.stderr]).toEqual([1, expect.stringContaining("neither BITBUCKET_TOKEN nor")]);

  const backfill = await runCommand("backfill", [], { env });
  expect(backfill.code).toBe(1);
  expect(backfill.stderr.trim().split("\n")).toEqual([
    "The settings are not complete:",
    expect.stringMatching(/BITBUCKET_HOST is not set .*this needs a Bitbucket/),
  ]);
});
