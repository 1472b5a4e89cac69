import type { Context } from "aws-lambda";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { handler } from "../../functions/setup.ts";
import { type Secrets, startSecrets } from "../../infra/local/aws/secrets.ts";
import { bitbucketDemoToken } from "../../infra/local/simulators/bitbucket/server.ts";
import { settingsFor } from "../support/command.ts";
import { rejection } from "../support/rejection.ts";
import { type SetupHarness, startSetup, target, webhooksOf, writesOf } from "../support/setup.ts";

let harness: SetupHarness;
let secrets: Secrets;
let logged: string;
beforeEach(async () => {
  harness = await startSetup();
  const { BITBUCKET_HOST, PORT_API_URL, ...credentials } = settingsFor(harness.bitbucket, harness.port);
  secrets = await startSecrets({
    credentials: { AWSCURRENT: JSON.stringify(credentials) },
    webhook: { AWSCURRENT: target.secret },
  });
  const env = {
    BITBUCKET_HOST,
    PORT_API_URL,
    CREDENTIALS_SECRET_ID: "credentials",
    WEBHOOK_SECRET_ID: "webhook",
    WEBHOOK_URL: target.url,
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
  await Promise.all([harness.close(), secrets.close()]);
});

const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
const invoke = (request?: unknown) => handler(request, context);

test("the function does with the stack's own settings what the command does", async () => {
  expect(await invoke()).toMatchObject({ ok: true, blueprints: { created: 4 }, webhooks: { created: 2 } });
  expect(webhooksOf(harness.bitbucket).get("MOPP")?.[0]?.configuration.secret).toBe(target.secret);
  expect(await invoke({ rotate: true, dryRun: true })).toMatchObject({ rotation: "would begin" });
  expect(await invoke({ remove: true })).toMatchObject({ webhooks: { removed: 2 } });
});

test("a project that cannot be done is in the answer and in the log", async () => {
  harness.bitbucket.setIntercept(({ path }) =>
    path.includes("/SHOP/webhooks") ? { status: 401, body: { errors: [] } } : undefined,
  );
  expect(await invoke({})).toMatchObject({ ok: false, webhooks: { created: 1, failed: { length: 1 } } });
  expect(JSON.parse(logged.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({
    level: "error",
    message: "setup done",
    failed: [expect.stringMatching(/^project:SHOP/)],
  });
});

test("a note is in the log", async () => {
  harness.bitbucket.setIntercept(({ path }) =>
    path.endsWith("/users") ? { status: 403, body: { errors: [] } } : undefined,
  );
  await invoke({});
  expect(logged).toContain('"note":"these credentials may not list users');
});

test.each<[string, Record<string, string>, RegExp]>([
  ["no address", { WEBHOOK_URL: "" }, /WEBHOOK_URL is not an http\(s\) URL/],
  ["no secret", { WEBHOOK_SECRET_ID: "" }, /WEBHOOK_SECRET_ID is not set/],
  ["a secret without a value", { WEBHOOK_SECRET_ID: "another" }, /there is no secret another: put a long/],
  ["no credentials", { CREDENTIALS_SECRET_ID: "" }, /CREDENTIALS_SECRET_ID is not set/],
  ["credentials that lack something", { BITBUCKET_HOST: "" }, /BITBUCKET_HOST is not set/],
  ["a wrong override", { IS_VERSION_8_7_OR_OLDER: "maybe" }, /IS_VERSION_8_7_OR_OLDER/],
])("%s ends it in plain words, without a stack trace", async (_, env, words) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const error = (await rejection(invoke({}))) as Error;
  expect(error.message).toMatch(words);
  expect(error.stack).toBe("");
  expect(error.message + logged).not.toContain(bitbucketDemoToken);
  expect([...writesOf(harness.bitbucket), ...writesOf(harness.port)]).toEqual([]);
});

test("where entities come from files it tries whether it may read files", async () => {
  vi.stubEnv("GITOPS_FILES", "**/port.yml");
  const name = "com.atlassian.bitbucket.AuthorisationException";
  harness.bitbucket.setIntercept(({ path }) =>
    path.endsWith("/files")
      ? { status: 403, body: { errors: [{ message: "No", exceptionName: name }] } }
      : undefined,
  );
  expect(String(await rejection(invoke()))).toContain("GITOPS_FILES (on AWS gitopsFiles) is set, but");
  expect(writesOf(harness.port)).toEqual([]);
});
