import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import type { Call } from "../../infra/local/simulators/http.ts";
import { secretIds } from "../../infra/local/stack/secrets.ts";
import { settingsFor } from "../support/command.ts";
import { type FunctionsHarness, type Handler, plenty, startFunctions } from "../support/functions.ts";

let functions: FunctionsHarness;
beforeEach(async () => {
  const data = demoData({ projects: 1, repositoriesPerProject: 3, pullRequestsPerRepository: 2, users: 6 });
  functions = await startFunctions({ bitbucket: { data } });
});
afterEach(async () => {
  vi.useRealTimers();
  await functions.close();
});

const port = () => functions.world.live.simulator;
const unavailable = { status: 503, headers: { "retry-after": "0" }, body: {} };

/** Hands the one message over; whether it stays. */
async function stays(handler: Handler, message: object, waitSeconds = 0): Promise<boolean> {
  if (waitSeconds === 0) await functions.send("BackfillQueue", message);
  const event = await functions.receive("BackfillQueue", waitSeconds);
  if (event === undefined) throw new Error("no message is visible");
  return (await functions.invoke("BackfillQueue", handler, event, plenty)).length > 0;
}

const project = { project: "MOPP", state: "ALL" };
const isWrite = ({ path }: Call) => path.endsWith("/bulk");
const troubles: [string, object, "bitbucket" | "port", (call: Call) => boolean][] = [
  ["Bitbucket's listing of repositories", project, "bitbucket", ({ path }) => path.endsWith("/repos")],
  [
    "Bitbucket's listing of pull requests",
    project,
    "bitbucket",
    ({ path }) => path.endsWith("/pull-requests"),
  ],
  ["Bitbucket's listing of users", { users: true }, "bitbucket", ({ path }) => path.endsWith("users")],
  ["Port's search", project, "port", ({ path }) => path.endsWith("/search")],
  ["Port's search, for users", { users: true }, "port", ({ path }) => path.endsWith("/search")],
  ["Port's bulk upserts", project, "port", isWrite],
  ["Port's bulk upserts, for users", { users: true }, "port", isWrite],
  [
    "Port's bulk upserts, for one repository",
    { project: "MOPP", repository: "data-analyses" },
    "port",
    isWrite,
  ],
  ["Port's log-in", { users: true }, "port", ({ path }) => path.endsWith("/access_token")],
];

test.each(troubles)(
  "while %s fails the message stays, hidden for a pause, then it goes through",
  async (_, message, side, fits) => {
    const target = side === "port" ? port() : functions.world.bitbucket;
    target.setIntercept((call) => (fits(call) ? unavailable : undefined));
    const handler = await functions.container("backfill");
    expect(await stays(handler, message)).toBe(true);
    expect(await functions.receive("BackfillQueue")).toBeUndefined();
    target.setIntercept(undefined);
    expect(await stays(handler, message, 10)).toBe(false);
    expect(await functions.receive("BackfillQueue")).toBeUndefined();
    expect(port().entities("bitbucketUser").length).toBeGreaterThan(0);
  },
);

test.each([{ users: true }, project])(
  "a rate limit with a long wait is left to the queue: %j",
  async (message) => {
    port().setIntercept((call) =>
      isWrite(call) ? { status: 429, headers: { "retry-after": "60" }, body: {} } : undefined,
    );
    const handler = await functions.container("backfill");
    const began = performance.now();
    expect(await stays(handler, message)).toBe(true);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(functions.metrics).toEqual([expect.objectContaining({ portThrottled: expect.any(Number) })]);
    expect(functions.metrics[0]).not.toHaveProperty("bitbucketThrottled");
    expect(functions.metrics[0]).toMatchObject({ retried: 1, waited: [expect.any(Number)] });
  },
);

test("an entity that Port will never take does not keep its message in the queue, and is logged", async () => {
  const repository = functions.world.bitbucket.data.projects.get("MOPP")?.repositories.get("data-analyses");
  Object.assign(repository?.pullRequests.get(1) ?? {}, { state: "ROTTEN" });
  expect(await stays(await functions.container("backfill"), project)).toBe(false);
  expect(JSON.stringify(functions.logged)).toMatch(/pull-request:mopp\/data-analyses\/1: 422/i);
  expect(functions.metrics).toEqual([expect.objectContaining({ problems: 1, failed: 1 })]);
  expect(port().entities("bitbucketPullrequest")).toHaveLength(5);
});

test.each([
  ["no credentials", {}, /has no value yet: put one JSON object of texts/],
  ["a secret that is no JSON", { AWSCURRENT: "hush-hush" }, /is not JSON: put one JSON object of texts/],
])("%s are said in the log, without a secret", async (_, stages, words) => {
  functions.secrets.put(secretIds.credentials, stages);
  const handler = await functions.container("backfill");
  await expect(stays(handler, project)).rejects.toThrow(words);
  expect(functions.logged).toMatchObject([
    { level: "error", error: "ConfigError", detail: expect.stringMatching(words) },
  ]);
  expect(JSON.stringify(functions.logged)).not.toContain("hush-hush");
});

test("a host that is none is said without its value", async () => {
  const handler = await functions.container("backfill", { BITBUCKET_HOST: "ssh://hush-hush@example.org" });
  await expect(stays(handler, project)).rejects.toThrow("BITBUCKET_HOST is not an http(s) URL");
  expect(JSON.stringify(functions.logged)).not.toContain("hush-hush");
});

test("credentials that are refused keep the message, and rotated ones are taken up within five minutes", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const good = settingsFor(functions.world.bitbucket, port());
  const put = (overrides: object) =>
    functions.secrets.put(secretIds.credentials, { AWSCURRENT: JSON.stringify({ ...good, ...overrides }) });
  put({ BITBUCKET_TOKEN: "hush-hush" });
  const handler = await functions.container("backfill");
  expect(await stays(handler, project)).toBe(true);
  expect(functions.logged).toContainEqual(
    expect.objectContaining({
      message: "backfill message failed",
      detail: expect.stringMatching(/Bitbucket does not accept the credentials \(401\).*BITBUCKET_TOKEN/),
    }),
  );
  put({});
  vi.setSystemTime(Date.now() + 5 * 60_000);
  expect(await stays(handler, project)).toBe(false);
  expect(port().entities("bitbucketRepository")).toHaveLength(3);
  expect(JSON.stringify(functions.logged)).not.toMatch(/hush-hush|demo-access-token|demo-client-secret/);
});
