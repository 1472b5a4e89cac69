import { afterEach, expect, test } from "vitest";
import { freePort } from "../../infra/local/aws/server.ts";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";
import { type Ended, lastLine, runCommand, settingsFor, stackTrace } from "../support/command.ts";

const small = { projects: 3, repositoriesPerProject: 2, pullRequestsPerRepository: 2, users: 60 };
let harness: BackfillHarness;
afterEach(() => harness.close());

const port = () => harness.live.simulator;
const start = async (bitbucket: NonNullable<Parameters<typeof startBackfill>[0]>["bitbucket"] = {}) => {
  harness = await startBackfill({ bitbucket: { data: demoData(small), ...bitbucket } });
};
const backfill = (env: Record<string, string> = {}, args = ["--json"]): Promise<Ended> =>
  runCommand("backfill", args, { env: { ...settingsFor(harness.bitbucket, port()), ...env } });

function expectClear({ code, stdout, stderr }: Ended, words: RegExp): void {
  expect(code).toBe(1);
  // What an operator reads: not the log's lines, nor the JSON for machines.
  const told = `${stdout}${stderr}`.split("\n").filter((line) => !line.startsWith("{"));
  expect(told.join("\n")).toMatch(words);
  expect(stdout + stderr).not.toMatch(stackTrace);
  expect(stdout + stderr).not.toMatch(/hush-hush|demo-client-secret|demo-access-token/);
}

test("credentials that Port refuses are named, and tried a few times at the most", async () => {
  await start();
  const ended = await backfill({ PORT_CLIENT_SECRET: "hush-hush" });
  expectClear(ended, /Port does not accept PORT_CLIENT_ID and PORT_CLIENT_SECRET/);
  expect(lastLine(ended)).toMatchObject({ ok: false });
  expect(port().calls.length).toBeLessThanOrEqual(3);
});

test("a token that Bitbucket refuses is named, and tried a few times at the most", async () => {
  await start();
  const ended = await backfill({ BITBUCKET_TOKEN: "hush-hush" });
  expectClear(ended, /BITBUCKET_TOKEN/);
  expect(harness.bitbucket.calls.length).toBeLessThanOrEqual(3);
  expect(port().entities("bitbucketUser")).toEqual([]);
});

const basic = { BITBUCKET_TOKEN: "", BITBUCKET_USERNAME: "admin", BITBUCKET_PASSWORD: "hush-hush" };

test("a password that Bitbucket refuses is named, and does not lock the account", async () => {
  await start({ captcha: 5 });
  expectClear(await backfill(basic), /BITBUCKET_PASSWORD/);
  expect(harness.bitbucket.calls.length).toBeLessThanOrEqual(3);
  const good = await backfill({ ...basic, BITBUCKET_PASSWORD: "demo-password" });
  expect(good.code).toBe(0);
});

test("a CAPTCHA is named as such, and nothing is tried over and over", async () => {
  await start({ captcha: true });
  expectClear(await backfill(basic), /CAPTCHA/i);
  expect(harness.bitbucket.calls.length).toBeLessThanOrEqual(3);
});

test("a password that is changed in the middle is not tried once for each project", async () => {
  await start({ captcha: 5, data: demoData({ ...small, projects: 30 }) });
  let projects = 0;
  const body = {
    errors: [{ exceptionName: "com.atlassian.bitbucket.auth.IncorrectPasswordAuthenticationException" }],
  };
  harness.bitbucket.setIntercept(({ path }) => {
    projects += path.endsWith("/projects") ? 1 : 0;
    return projects > 0 && /projects\/./.test(path) ? { status: 401, body } : undefined;
  });
  const ended = await backfill({ ...basic, BITBUCKET_PASSWORD: "demo-password" });
  expectClear(ended, /BITBUCKET_PASSWORD/);
  const refused = harness.bitbucket.calls.filter(({ status }) => status === 401);
  expect(refused.length).toBeLessThanOrEqual(12);
});

test("a project that may not be read is named, and costs the others nothing", async () => {
  await start();
  const body = { errors: [{ exceptionName: "com.atlassian.bitbucket.AuthorisationException" }] };
  harness.bitbucket.setIntercept(({ path }) =>
    path.endsWith("/projects/SHOP/repos") ? { status: 401, body } : undefined,
  );
  const ended = await backfill();
  expectClear(ended, /! project:SHOP: /);
  expect(lastLine(ended)).toMatchObject({ ok: false, kinds: { repository: { created: 4 } } });
  expect(ended.stdout).not.toMatch(/! project:(MOPP|PRJ3)/);
});

test("a page that always fails costs its repository only, in which nothing is deleted", async () => {
  await start();
  await backfill({}, ["--state", "ALL"]);
  harness.bitbucket.deletePullRequest(["SHOP", "data-analyses", 1]);
  harness.bitbucket.deletePullRequest(["MOPP", "pipeline-tools", 1]);
  harness.bitbucket.setIntercept(({ path }) =>
    path.endsWith("/SHOP/repos/data-analyses/pull-requests")
      ? { status: 503, headers: { "retry-after": "0" }, body: "<html>busy</html>" }
      : undefined,
  );
  const ended = await backfill({}, ["--state", "ALL", "--json"]);
  expectClear(
    ended,
    /! repository:shop.data-analyses: all of its pull requests could not be read .bitbucket 503/,
  );
  expect(port().entity("bitbucketPullrequest", "SHOP/data-analyses/1")).toBeDefined();
  expect(port().entity("bitbucketPullrequest", "MOPP/pipeline-tools/1")).toBeUndefined();
});

test("an object that Port refuses is named, and its neighbours are there", async () => {
  await start();
  const repository = harness.bitbucket.data.projects.get("SHOP")?.repositories.get("data-analyses");
  Object.assign(repository?.pullRequests.get(1) ?? {}, { state: "ROTTEN" });
  const ended = await backfill({}, ["--state", "ALL", "--json"]);
  expectClear(ended, /! pull-request:shop\/data-analyses\/1: 422/i);
  expect(lastLine(ended)).toMatchObject({ ok: false, kinds: { "pull-request": { created: 11, failed: 1 } } });
});

test("a Bitbucket that nobody answers for is said in clear words", async () => {
  await start();
  const ended = await backfill({ BITBUCKET_HOST: `http://127.0.0.1:${await freePort()}` });
  expectClear(ended, /Bitbucket cannot be reached at BITBUCKET_HOST: nothing listens there/);
});
