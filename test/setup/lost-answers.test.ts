import { afterEach, expect, test } from "vitest";
import type { Blueprint } from "../../infra/local/simulators/port/types.ts";
import type { SecretReader } from "../../lib/aws/secrets.ts";
import { ConfigError, RequestError } from "../../lib/errors.ts";
import { projectFailure, repositoryFailures } from "../../lib/setup/failures.ts";
import { createSetupRuntime } from "../../lib/setup/runtime.ts";
import { readTarget } from "../../lib/setup/target.ts";
import { rejection } from "../support/rejection.ts";
import { type SetupHarness, startSetup, writesOf } from "../support/setup.ts";

let harness: SetupHarness | undefined;
afterEach(async () => {
  await harness?.close();
  harness = undefined;
});

const failed = (status?: number, code?: string) =>
  new RequestError({
    service: "bitbucket",
    operation: "GET webhooks",
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
  });

test("a blueprint that somebody else created meanwhile is extended, not fought over", async () => {
  let raced = false;
  const own = await startSetup({
    port: {
      intercept: ({ method, path, body }) => {
        const { identifier } = (body ?? {}) as Blueprint;
        if (method !== "POST" || !path.endsWith("/blueprints") || raced) return undefined;
        raced = true;
        own.port.setBlueprint({ identifier, title: "Theirs", schema: { properties: {} } });
        return undefined;
      },
    },
  });
  harness = own;
  const { blueprints } = await own.run();
  expect(blueprints).toMatchObject({ created: 3, extended: 1, unchanged: 0 });
  const mine = own.port.blueprints().find(({ title }) => title === "Theirs");
  expect(Object.keys(mine?.schema.properties ?? {}).length).toBeGreaterThan(0);
});

test("a blueprint that is refused as there and is gone when read again is written whole", async () => {
  let refusals = 0;
  harness = await startSetup({
    port: {
      intercept: ({ method, path }) =>
        method === "POST" && path.endsWith("/blueprints") && refusals++ === 0
          ? { status: 409, body: { ok: false, error: "conflict" } }
          : method === "PATCH"
            ? { status: 200, body: { ok: true } }
            : undefined,
    },
  });
  await rejection(harness.run());
  expect(writesOf(harness.port)[1]).toMatchObject({ method: "PATCH", body: { schema: expect.anything() } });
});

test("a dry run counts what it would extend, and writes nothing", async () => {
  harness = await startSetup();
  await harness.run();
  const [first] = harness.port.blueprints();
  if (first === undefined) throw new Error("no blueprint");
  harness.port.setBlueprint({ ...first, schema: { properties: {} } });
  const before = writesOf(harness.port).length;
  expect((await harness.run({ dryRun: true })).blueprints).toMatchObject({ extended: 1, unchanged: 3 });
  expect(writesOf(harness.port)).toHaveLength(before);
});

test("an answer that holds no blueprint is refused, not taken for an empty one", async () => {
  for (const body of [{ ok: true }, [], "null"]) {
    harness = await startSetup({
      port: { intercept: ({ method }) => (method === "GET" ? { status: 200, body } : undefined) },
    });
    expect(await rejection(harness.run())).toBeInstanceOf(ConfigError);
    expect(writesOf(harness.port)).toEqual([]);
    await harness.close();
  }
  harness = undefined;
});

test("each failure of a project says what to do about it", () => {
  expect(projectFailure("MOPP", failed(401))).toMatch(/^project:MOPP: .*PROJECT_ADMIN/);
  expect(projectFailure("MOPP", failed(404, "gone"))).toBe("project:MOPP: is not in Bitbucket any more");
  expect(projectFailure("MOPP", failed(undefined, "unexpected_answer"))).toMatch(/IS_VERSION_8_7_OR_OLDER/);
  expect(projectFailure("MOPP", failed(503))).toMatch(/^project:MOPP: Bitbucket answers 503/);
  expect(() => projectFailure("MOPP", new TypeError("a bug"))).toThrow("a bug");
});

test("repositories that lack the same permission share a sentence, those that are gone need none", () => {
  const repository = (slug: string) => ({ kind: "repository", key: "MOPP", slug }) as const;
  const denied = ["a", "b", "c", "d", "e", "f", "g"].map((slug) => ({
    repository: repository(slug),
    error: failed(403),
  }));
  const gone = { repository: repository("gone"), error: failed(404, "gone") };
  const away = { repository: repository("away"), error: failed(502) };
  expect(repositoryFailures("MOPP", [...denied, gone, away])).toEqual([
    expect.stringMatching(/REPO_ADMIN on a, b, c, d, e and 2 more: .*PROJECT_ADMIN/),
    expect.stringMatching(/^repository:MOPP\/away: Bitbucket answers 502/),
  ]);
  expect(repositoryFailures("MOPP", denied.slice(0, 1))[0]).not.toContain("more");
  expect(repositoryFailures("MOPP", [gone])).toEqual([]);
});

const secrets = (value: string) => ({ read: async () => value }) as Partial<SecretReader> as SecretReader;

test("a stack's webhook is its address and its secret", async () => {
  const env = { WEBHOOK_SECRET_ID: "id", WEBHOOK_URL: "https://hooks.example.org/webhook" };
  expect(await readTarget(env, secrets("s"))).toEqual({ url: env.WEBHOOK_URL, secret: "s" });
});

test.each([
  [{}, ["WEBHOOK_URL is not an http(s) URL", "WEBHOOK_SECRET_ID is not set"]],
  [{ WEBHOOK_SECRET_ID: "id", WEBHOOK_URL: "ftp://x" }, ["WEBHOOK_URL is not an http(s) URL"]],
  [{ WEBHOOK_URL: "https://hooks.example.org" }, ["WEBHOOK_SECRET_ID is not set"]],
])("without its address or secret there is no webhook: %j", async (env, faults) => {
  const error = await rejection(readTarget(env, secrets("s")));
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as ConfigError).faults).toEqual(faults);
});

test("a function whose settings are missing says so without a stack trace", async () => {
  const error = await rejection(createSetupRuntime({})({}, AbortSignal.timeout(1_000)));
  expect(error).toMatchObject({ name: "ConfigError", stack: "" });
  expect(String(error)).toContain("CREDENTIALS_SECRET_ID");
});
