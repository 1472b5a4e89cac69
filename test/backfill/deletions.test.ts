import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";

const sizes = { projects: 4, repositoriesPerProject: 6, pullRequestsPerRepository: 5, users: 6 };
let harness: BackfillHarness;
beforeEach(async () => {
  harness = await startBackfill({ bitbucket: { data: demoData(sizes) } });
  await harness.run();
});
afterEach(async () => harness.close());

const port = () => harness.live.simulator;
const ids = (blueprint: string) =>
  port()
    .entities(blueprint)
    .map((it) => it.identifier);
const repositoriesOf = (key: string) => ids("bitbucketRepository").filter((id) => id.startsWith(`${key}/`));
const pullRequestsOf = (path: string) =>
  ids("bitbucketPullrequest").filter((id) => id.startsWith(`${path}/`));
const slugOf = (id: string | undefined) => String(id?.split("/")[1]);

test("deleted pull requests disappear", async () => {
  harness.bitbucket.deletePullRequest(["MOPP", "data-analyses", 1]);
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([]);
  expect(counts["pull-request"]).toMatchObject({ deleted: 1, withheld: 0, unchanged: 119 });
  expect(port().entity("bitbucketPullrequest", "MOPP/data-analyses/1")).toBeUndefined();
});

test("a deleted repository disappears with its pull requests", async () => {
  harness.bitbucket.deleteRepository("MOPP", "data-analyses");
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([]);
  expect(counts.repository.deleted).toBe(1);
  expect(counts["pull-request"].deleted).toBe(5);
  expect(pullRequestsOf("MOPP/data-analyses")).toEqual([]);
});

test("a repository that was renamed while nobody listened is there once, under its new name", async () => {
  harness.bitbucket.renameRepository("MOPP", "data-analyses", "analyses");
  const { problems } = await harness.run();
  expect(problems).toEqual([]);
  expect(repositoriesOf("MOPP").some((id) => slugOf(id) === "data-analyses")).toBe(false);
  expect(pullRequestsOf("MOPP/analyses")).toHaveLength(5);
  expect(pullRequestsOf("MOPP/data-analyses")).toEqual([]);
});

test("a deleted project disappears with all beneath it", async () => {
  harness.bitbucket.deleteProject("SHOP");
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([]);
  expect(counts).toMatchObject({
    project: { deleted: 1 },
    repository: { deleted: 6 },
    "pull-request": { deleted: 30 },
  });
  expect(ids("bitbucketProject")).not.toContain("SHOP");
  expect(repositoriesOf("SHOP")).toEqual([]);
});

test("a pull request that was merged while nobody listened changes its state, also when only open ones are listed", async () => {
  const open = port()
    .entities("bitbucketPullrequest")
    .find((it) => it.properties["state"] === "OPEN");
  const [key = "", slug = "", id = ""] = String(open?.identifier).split("/");
  harness.bitbucket.mergePullRequest([key, slug, Number(id)]);
  const total = ids("bitbucketPullrequest").length;
  const { counts, problems } = await harness.run({ state: "OPEN" });
  expect(problems).toEqual([]);
  expect(port().entity("bitbucketPullrequest", `${key}/${slug}/${id}`)?.properties["state"]).toBe("MERGED");
  expect(counts["pull-request"]).toMatchObject({ updated: 1, deleted: 0 });
  expect(ids("bitbucketPullrequest")).toHaveLength(total);
});

test("pull requests that are not open stay when only open ones are listed, and cost nothing", async () => {
  harness.bitbucket.calls.length = 0;
  const total = ids("bitbucketPullrequest").length;
  const { counts } = await harness.run({ state: "OPEN" });
  expect(counts["pull-request"].deleted).toBe(0);
  expect(ids("bitbucketPullrequest")).toHaveLength(total);
  expect(harness.bitbucket.calls.filter(({ path }) => /pull-requests\/\d+$/.test(path))).toEqual([]);
});

test("foreign entities in the same blueprints stay", async () => {
  const foreign = [
    { identifier: "by-hand", properties: { link: "https://wiki.example.org/page" } },
    { identifier: "no-link", properties: {} },
    {
      identifier: "other-bitbucket",
      properties: { link: "https://other.example.org/projects/MOPP/repos/data-analyses/pull-requests/777" },
    },
    {
      identifier: "alias",
      properties: { link: `${harness.bitbucket.url}/projects/MOPP/repos/data-analyses/pull-requests/778` },
    },
  ];
  for (const entity of foreign) {
    port().put("bitbucketPullrequest", { ...entity, relations: { repository: "MOPP/data-analyses" } });
  }
  port().put("bitbucketRepository", {
    identifier: "foreign/repo",
    properties: {},
    relations: { project: "MOPP" },
  });
  port().put("bitbucketProject", { identifier: "FOREIGN", properties: {} });
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([]);
  expect(counts["pull-request"]).toMatchObject({ deleted: 0, left: 4 });
  expect(counts.repository.left).toBe(1);
  expect(counts.project.left).toBe(1);
  for (const { identifier } of foreign)
    expect(port().entity("bitbucketPullrequest", identifier)).toBeDefined();
});

test("an entity that others depend on is kept, and the rest goes", async () => {
  port().put("bitbucketPullrequest", {
    identifier: "by-hand",
    properties: {},
    relations: { repository: "MOPP/data-analyses" },
  });
  harness.bitbucket.deleteRepository("MOPP", "data-analyses");
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([]);
  expect(counts["pull-request"].deleted).toBe(5);
  expect(counts.repository).toMatchObject({ deleted: 0, left: 1 });
});

test("a Bitbucket that is suddenly empty deletes nothing", async () => {
  for (const key of ["MOPP", "SHOP", "PRJ3", "PRJ4"]) harness.bitbucket.deleteProject(key);
  const before = ids("bitbucketPullrequest").length;
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([expect.stringContaining("withheld")]);
  expect(counts).toMatchObject({
    project: { deleted: 0 },
    repository: { deleted: 0 },
    "pull-request": { deleted: 0 },
  });
  expect(counts["pull-request"].withheld).toBe(before);
  expect(ids("bitbucketPullrequest")).toHaveLength(before);
});

test("a project that loses most of its repositories keeps their entities until that is allowed", async () => {
  const slugs = repositoriesOf("MOPP").map(slugOf);
  for (const slug of slugs.slice(0, 4)) harness.bitbucket.deleteRepository("MOPP", slug);
  const withheld = await harness.run();
  expect(withheld.problems).toEqual([expect.stringMatching(/^project:MOPP: 24 of 36 entities/)]);
  expect(withheld.counts).toMatchObject({
    repository: { deleted: 0, withheld: 4 },
    "pull-request": { deleted: 0, withheld: 20 },
  });
  expect(repositoriesOf("MOPP")).toHaveLength(6);

  const allowed = await harness.run({ allowMassDelete: true });
  expect(allowed.problems).toEqual([]);
  expect(allowed.counts).toMatchObject({ repository: { deleted: 4 }, "pull-request": { deleted: 20 } });
  expect(repositoriesOf("MOPP")).toHaveLength(2);
});

test("projects outside the filter are left alone", async () => {
  harness.bitbucket.deleteProject("SHOP");
  const { counts } = await harness.run({ projects: ["MOPP"] });
  expect(counts.project).toMatchObject({ seen: 1, deleted: 0 });
  expect(repositoriesOf("SHOP")).toHaveLength(6);
});

test("when a listing does not complete, nothing of its repository is deleted, and the rest is swept", async () => {
  harness.bitbucket.deletePullRequest(["MOPP", "data-analyses", 1]);
  harness.bitbucket.deleteRepository(
    "MOPP",
    slugOf(repositoriesOf("MOPP").find((id) => slugOf(id) !== "data-analyses")),
  );
  harness.bitbucket.setIntercept(({ path }) =>
    path.endsWith("/MOPP/repos/data-analyses/pull-requests")
      ? { status: 403, body: { errors: [] } }
      : undefined,
  );
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([
    expect.stringMatching(/^repository:mopp.data-analyses: all of its pull requests/),
  ]);
  expect(counts.repository.deleted).toBe(1);
  expect(harness.live.simulator.entity("bitbucketPullrequest", "MOPP/data-analyses/1")).toBeDefined();
});

test("what we may not see any more is named and stays, and the rest is done", async () => {
  harness.bitbucket.deletePullRequest(["MOPP", "data-analyses", 1]);
  harness.bitbucket.deletePullRequest(["SHOP", "data-analyses", 1]);
  const denied = { errors: [{ exceptionName: "com.atlassian.bitbucket.AuthorisationException" }] };
  harness.bitbucket.setIntercept(({ path }) =>
    path.endsWith("/MOPP/repos/data-analyses/pull-requests/1") ? { status: 401, body: denied } : undefined,
  );
  const { counts, problems, notes } = await harness.run();
  expect(problems).toEqual([]);
  expect(notes.filter((note) => note.startsWith("pull-request:"))).toEqual([
    expect.stringMatching(/^pull-request:mopp.data-analyses.1: these credentials may not see/),
  ]);
  expect(counts["pull-request"]).toMatchObject({ deleted: 1, left: 1 });
});

test("an unclear answer about an unlisted entity deletes nothing", async () => {
  harness.bitbucket.deletePullRequest(["MOPP", "data-analyses", 1]);
  for (const answer of [
    { status: 404, body: "<html>not found</html>" },
    { status: 302, headers: { location: "/login" } },
  ]) {
    harness.bitbucket.setIntercept(({ path }) => (path.endsWith("/pull-requests/1") ? answer : undefined));
    const { counts, problems } = await harness.run();
    expect(problems).toEqual([expect.stringContaining("pull-request:mopp/data-analyses/1")]);
    expect(counts["pull-request"].deleted).toBe(0);
  }
});
