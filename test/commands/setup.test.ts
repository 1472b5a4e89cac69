import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeStateFile } from "../../infra/local/state-file.ts";
import { lastLine, makeFolder, runCommand, settingsFor, stackTrace } from "../support/command.ts";
import { caCertificate, startTlsProxy } from "../support/private-ca.ts";
import { type SetupHarness, startSetup, target, webhooksOf, writesOf } from "../support/setup.ts";

let harness: SetupHarness;
let folder: string;
beforeEach(async () => {
  folder = makeFolder();
  harness = await startSetup();
  // Setup would have something to tell of it.
  harness.bitbucket.deleteProject("~ADA.BIRCH");
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await harness.close();
});

const settings = () => ({ ...settingsFor(harness.bitbucket, harness.port), WEBHOOK_SECRET: target.secret });
const setup = (args: readonly string[], env: Record<string, string> = settings()) =>
  runCommand("setup", args, { cwd: folder, env });
const withUrl = (...args: string[]) => ["--url", target.url, ...args];

test("from credentials to webhooks with one command, and nothing to do a second time", async () => {
  const first = await setup(withUrl("--json"));
  expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: "" });
  expect(first.stdout.trimEnd().split("\n").at(-1)).toBe(
    '{"ok":true,"blueprints":{"created":4,"extended":0,"unchanged":0,"conflicts":[]},' +
      '"webhooks":{"level":"project","created":2,"updated":0,"removed":0,"unchanged":0,"failed":[]}}',
  );
  expect([...webhooksOf(harness.bitbucket).keys()]).toEqual(["MOPP", "SHOP"]);
  const second = await setup(withUrl());
  expect(second.code).toBe(0);
  expect(second.stdout).toBe(
    "blueprints in Port: 0 created, 0 extended, 4 unchanged\n" +
      "webhooks in Bitbucket, one per project: 0 created, 0 updated, 0 removed, 2 unchanged\n",
  );
});

test("a project without PROJECT_ADMIN: the others are done, that one is named, the exit code is 1", async () => {
  harness.bitbucket.setIntercept(({ path }) =>
    path.includes("/SHOP/webhooks") ? { status: 401, body: { errors: [] } } : undefined,
  );
  const { code, stdout, stderr } = await setup(withUrl("--json"));
  expect(code).toBe(1);
  expect(stdout).toMatch(/^! project:SHOP: .*PROJECT_ADMIN/m);
  expect(lastLine({ code, stdout, stderr })).toMatchObject({
    ok: false,
    webhooks: { created: 1, failed: [expect.stringContaining("project:SHOP")] },
  });
  expect([...webhooksOf(harness.bitbucket).keys()]).toEqual(["MOPP"]);
});

test("--remove takes them away again, without needing the secret", async () => {
  await setup(withUrl());
  const { WEBHOOK_SECRET: _, ...env } = settings();
  const { code, stdout } = await setup(withUrl("--remove"), env);
  expect(code).toBe(0);
  expect(stdout).toBe(
    "webhooks in Bitbucket, one per project: 0 created, 0 updated, 2 removed, 0 unchanged\n",
  );
  expect(webhooksOf(harness.bitbucket).size).toBe(0);
});

test("--dry-run says what would be done", async () => {
  const { code, stdout } = await setup(withUrl("--dry-run"));
  expect(code).toBe(0);
  expect(stdout).toMatch(/4 created[\s\S]*2 created[\s\S]*Nothing was written/);
  expect([...writesOf(harness.bitbucket), ...writesOf(harness.port)]).toEqual([]);
});

test("--rotate sends the secret of the environment", async () => {
  await setup(withUrl());
  expect((await setup(withUrl("--rotate"), { ...settings(), WEBHOOK_SECRET: "the new one" })).code).toBe(0);
  expect(webhooksOf(harness.bitbucket).get("MOPP")?.[0]?.configuration.secret).toBe("the new one");
});

test("what is wrong is said in a line for each, and as JSON, with nothing written", async () => {
  const env = { ...settings(), BITBUCKET_TOKEN: "hush-hush", PORT_CLIENT_SECRET: "hush-hush" };
  const ended = await setup(withUrl("--json"), env);
  expect(ended.code).toBe(1);
  expect(ended.stderr.trimEnd().split("\n")).toEqual([
    "Setup cannot begin:",
    expect.stringMatching(/^ {2}- Bitbucket does not accept the credentials/),
    expect.stringMatching(/^ {2}- Port does not accept .*region/),
  ]);
  expect(ended.stderr + ended.stdout).not.toMatch(stackTrace);
  expect(ended.stderr + ended.stdout).not.toContain("hush-hush");
  expect(lastLine(ended)).toMatchObject({ ok: false, webhooks: { level: null, failed: { length: 2 } } });
  expect([...writesOf(harness.bitbucket), ...writesOf(harness.port)]).toEqual([]);
});

test("the advice for a private CA works", async () => {
  const proxy = await startTlsProxy(harness.bitbucket.url);
  const env = { ...settings(), BITBUCKET_HOST: proxy.url };
  const refused = await setup(withUrl(), env);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("NODE_EXTRA_CA_CERTS");
  const path = join(folder, "ca.pem");
  writeFileSync(path, caCertificate);
  expect(await setup(withUrl(), { ...env, NODE_EXTRA_CA_CERTS: path })).toMatchObject({
    code: 0,
    stderr: "",
  });
  await proxy.close();
});

test("notes and conflicts are told, and are no failure", async () => {
  harness.bitbucket.setIntercept(({ path }) =>
    path.endsWith("/users") ? { status: 401, body: { errors: [] } } : undefined,
  );
  harness.port.setBlueprint({
    identifier: "bitbucketProject",
    title: "Ours",
    schema: { properties: { public: { type: "string" } } },
  });
  const { code, stdout, stderr } = await setup(withUrl());
  expect(code).toBe(0);
  expect(stderr).toMatch(/^note: these credentials may not list users/);
  expect(stdout).toMatch(/^\? bitbucketProject\.public is of type string instead of boolean/m);
});

test("the stack that runs here is the default, with its secret", async () => {
  const here = { url: "http://localhost:3000/webhook", secret: "the stack's own" };
  writeStateFile(here, join(folder, ".local/stack.json"));
  const { WEBHOOK_SECRET: _, ...env } = settings();
  expect(await setup([], env)).toMatchObject({ code: 0, stderr: "" });
  const [webhook] = webhooksOf(harness.bitbucket, ({ url }) => url === here.url).get("MOPP") ?? [];
  expect(webhook?.configuration.secret).toBe("the stack's own");
  const elsewhere = await setup([], { ...env, BITBUCKET_HOST: "https://bitbucket.invalid" });
  expect(elsewhere.code).toBe(2);
  expect(elsewhere.stderr).toContain("--url");
});

test.each<[string, string[], Record<string, string>, RegExp]>([
  ["no address", [], {}, /--url/],
  ["an address that is none", ["--url", "nonsense"], {}, /--url is not an http\(s\) URL/],
  ["no secret", withUrl(), { WEBHOOK_SECRET: "" }, /WEBHOOK_SECRET is not set/],
  ["two queries that exclude each other", withUrl("--remove", "--rotate"), {}, /exclude/],
  ["an unknown flag", withUrl("--force"), {}, /--force/],
])("%s is a wrong call", async (_, args, env, words) => {
  const { code, stderr, stdout } = await setup(args, { ...settings(), ...env });
  expect(code).toBe(2);
  expect(stderr).toMatch(words);
  expect(stdout).toBe("");
  expect(stderr).not.toMatch(stackTrace);
  expect([...harness.bitbucket.calls, ...harness.port.calls]).toEqual([]);
});

test("missing settings are all named", async () => {
  const { code, stderr } = await setup(withUrl(), { IS_VERSION_8_7_OR_OLDER: "maybe" });
  expect(code).toBe(1);
  for (const name of ["PORT_CLIENT_ID", "BITBUCKET_HOST", "BITBUCKET_TOKEN", "IS_VERSION_8_7_OR_OLDER"]) {
    expect(stderr).toContain(name);
  }
});

test("--help prints the usage", async () => {
  const { code, stdout } = await setup(["--help"], {});
  expect(code).toBe(0);
  for (const word of ["--url", "--remove", "--rotate", "--dry-run", "--json", "WEBHOOK_SECRET"])
    expect(stdout).toContain(word);
});
