import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import type { Call } from "../../infra/local/simulators/http.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";
import { type Ended, lastLine, runCommand, settingsFor, stackTrace } from "../support/command.ts";

const small = { projects: 3, repositoriesPerProject: 4, pullRequestsPerRepository: 5, users: 8 };
const blueprints = ["bitbucketProject", "bitbucketUser", "bitbucketRepository", "bitbucketPullrequest"];

let harness: BackfillHarness;
beforeEach(async () => {
  harness = await startBackfill({ bitbucket: { data: demoData(small) } });
});
afterEach(() => harness.close());

const port = () => harness.live.simulator;
const sizes = () => blueprints.map((blueprint) => port().entities(blueprint).length);
const isWrite = ({ method, path }: Call) => method !== "GET" && (method !== "POST" || path.includes("bulk"));
const writes = () => port().calls.filter(isWrite).length;
const backfill = (args: string[], env: Record<string, string> = {}): Promise<Ended> =>
  runCommand("backfill", args, { env: { ...settingsFor(harness.bitbucket, port()), ...env } });

const figures = ["seen", "created", "updated", "unchanged", "older", "deleted", "withheld", "failed"];

test("everything is imported, and the last line of stdout is the summary as JSON", async () => {
  const ended = await backfill(["--state", "ALL", "--json"]);
  expect(ended).toMatchObject({ code: 0 });
  expect(sizes()).toEqual([3, 8, 12, 60]);
  const summary = lastLine(ended) as { kinds: Record<string, Record<string, number>>; seconds: number };
  expect(summary).toMatchObject({
    ok: true,
    kinds: {
      project: {
        seen: 3,
        created: 3,
        updated: 0,
        unchanged: 0,
        older: 0,
        deleted: 0,
        withheld: 0,
        failed: 0,
      },
      repository: { seen: 12, created: 12 },
      "pull-request": { seen: 60, created: 60 },
      user: { seen: 8, created: 8 },
    },
    calls: { bitbucket: harness.bitbucket.calls.length, port: port().calls.length },
  });
  expect(Object.keys(summary.kinds).sort()).toEqual(["project", "pull-request", "repository", "user"]);
  for (const counts of Object.values(summary.kinds))
    expect(Object.keys(counts)).toEqual(expect.arrayContaining(figures));
  expect(summary.seconds).toBeGreaterThan(0);
  expect(ended.stdout + ended.stderr).not.toMatch(/demo-|@example\.org/);
});

test("without --json there is a table, and no JSON", async () => {
  const { code, stdout } = await backfill([]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/pull-request +\d+/);
  expect(stdout).toMatch(/calls to Bitbucket, \d+ to Port/);
  expect(stdout).not.toContain("{");
});

test("a second run writes nothing", async () => {
  await backfill(["--state", "ALL"]);
  const before = writes();
  const ended = await backfill(["--state", "ALL", "--json"]);
  expect(writes()).toBe(before);
  expect(lastLine(ended)).toMatchObject({
    ok: true,
    kinds: { "pull-request": { unchanged: 60, created: 0 } },
  });
});

test.each(["open", "Open", "OPEN"])("--state %s means the open ones, in any case", async (state) => {
  expect(lastLine(await backfill(["--state", state, "--json"]))).toMatchObject({
    kinds: { "pull-request": { seen: 24, created: 24 } },
  });
});

test("a flag wins over the environment, and the environment over the default", async () => {
  const env = { PULL_REQUEST_STATE: "DECLINED", BITBUCKET_PROJECTS_FILTER: "MOPP" };
  expect(lastLine(await backfill(["--json"], env))).toMatchObject({
    kinds: { project: { seen: 1 }, "pull-request": { seen: 4 } },
  });
  expect(
    lastLine(await backfill(["--json", "--state", "merged", "--projects", "shop, prj3"], env)),
  ).toMatchObject({
    kinds: { project: { seen: 2 }, "pull-request": { seen: 16 } },
  });
});

test("only the wanted projects are read, and nothing of the others is touched", async () => {
  await backfill(["--state", "ALL"]);
  harness.bitbucket.data.projects.delete("PRJ3");
  const asked = harness.bitbucket.calls.length;
  const ended = await backfill(["--projects", "SHOP", "--state", "ALL", "--json"]);
  expect(ended.code).toBe(0);
  const paths = harness.bitbucket.calls.slice(asked).map(({ path }) => path);
  expect(paths.filter((path) => /projects\/(MOPP|PRJ3)/.test(path))).toEqual([]);
  expect(sizes()).toEqual([3, 8, 12, 60]);
});

test("a project that is not there is named: it may be a typing error", async () => {
  const { stdout, stderr } = await backfill(["--projects", "SHOP,SHPO"]);
  expect(stdout + stderr).toContain("SHPO");
  expect(sizes()[0]).toBe(1);
});

test("a dry run reads everything, writes nothing, and lists what it would do", async () => {
  const ended = await backfill(["--dry-run", "--state", "ALL", "--json"]);
  expect(ended.code).toBe(0);
  expect(writes()).toBe(0);
  expect(sizes()).toEqual([0, 0, 0, 0]);
  expect(lastLine(ended)).toMatchObject({ ok: true, kinds: { "pull-request": { seen: 60, created: 60 } } });
  const listed = ended.stdout.split("\n").filter((line) => /^ +\S+$/.test(line));
  expect(listed).toContain("  MOPP/data-analyses");
  const pullRequests = listed.filter((line) => /^ +\w+\/[\w-]+\/\d+$/.test(line));
  expect(new Set(pullRequests).size).toBe(20);
});

test("a dry run tells created, updated and deleted apart, and deletes nothing", async () => {
  await backfill(["--state", "ALL"]);
  const before = writes();
  harness.bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], { title: "Changed" });
  harness.bitbucket.deletePullRequest(["SHOP", "data-analyses", 2]);
  const { stdout } = await backfill(["--dry-run", "--state", "ALL"]);
  const sections = stdout
    .split("would be ")
    .slice(1)
    .map((section) => section.trim().split(/:?\n +|\ni /));
  expect(sections.find(([title]) => title?.includes("updated"))?.[1]).toBe("MOPP/data-analyses/1");
  expect(sections.find(([title]) => title?.includes("deleted"))?.[1]).toBe("SHOP/data-analyses/2");
  expect(writes()).toBe(before);
  expect(sizes()).toEqual([3, 8, 12, 60]);
});

test("too many deletions are withheld and named, with an exit code, until they are allowed", async () => {
  await backfill(["--state", "ALL"]);
  harness.bitbucket.data.projects.get("SHOP")?.repositories.clear();
  const withheld = await backfill(["--state", "ALL", "--json"]);
  expect(withheld.code).toBe(1);
  expect(lastLine(withheld)).toMatchObject({ ok: false, kinds: { repository: { withheld: 4, deleted: 0 } } });
  expect(withheld.stdout).toMatch(/! project:SHOP: 24 of 24 entities would be deleted/);
  expect(sizes()).toEqual([3, 8, 12, 60]);
  const allowed = await backfill(["--state", "ALL", "--json", "--allow-mass-delete"]);
  expect(allowed.code).toBe(0);
  expect(sizes()).toEqual([3, 8, 8, 40]);
  expect(allowed.stderr).not.toMatch(stackTrace);
});
