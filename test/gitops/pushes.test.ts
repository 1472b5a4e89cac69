import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import type { JsonObject } from "../../lib/json.ts";
import { type GitopsHarness, startGitops } from "../support/gitops.ts";

let gitops: GitopsHarness;
const started = async (version?: string) => {
  const data = demoData({ projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 0, users: 1 });
  return startGitops({ bitbucket: { data, ...(version === undefined ? {} : { version }) } });
};
beforeEach(async () => {
  gitops = await started();
});
afterEach(() => gitops.close());

const slug = () => [...(gitops.bitbucket.data.projects.get("MOPP")?.repositories.keys() ?? [])][0] ?? "";
const commit = (files: Record<string, string | null>, options = {}) =>
  gitops.bitbucket.commit("MOPP", slug(), files, options);
const service = (identifier: string, title = identifier) =>
  `- { identifier: ${identifier}, blueprint: service, title: ${title} }\n`;
const tipId = (payload: object) =>
  String(((payload as JsonObject)["changes"] as JsonObject[])[0]?.["toHash"]);

test("pushes that come late, doubled and in another order end with the tip, and no older state is written", async () => {
  const pushes = ["One", "Two", "Three"].map((title) => commit({ "port.yml": service("pay", title) }));
  const { simulator } = gitops.world.live;
  const before = simulator.calls.length;
  for (const index of [2, 0, 1, 0, 2]) expect(await gitops.heard([pushes[index] ?? {}])).toEqual(["done"]);
  expect(gitops.entity("service", "pay")?.title).toBe("Three");
  const written = simulator.calls
    .slice(before)
    .filter(({ path }) => path.endsWith("/blueprints/service/entities/bulk"));
  expect(written).toHaveLength(1);
  expect(JSON.stringify(written[0]?.body)).not.toMatch(/One|Two/);
});

test.each(["feature/main", "mai", "main2"])("a push to %s is none to main", async (branch) => {
  await gitops.heard([commit({ "README.md": "Hello" })]);
  expect(await gitops.heard([commit({ "port.yml": service("pay") }, { branch })])).toEqual(["done"]);
  expect(gitops.identifiers("service")).toEqual([]);
  gitops.bitbucket.setDefaultBranch("MOPP", slug(), branch);
  await gitops.heard([commit({ "port.yml": service("mail") }, { branch })]);
  expect(gitops.identifiers("service")).toEqual(["mail"]);
});

test("a Bitbucket without /default-branch is asked at the older address", async () => {
  await gitops.close();
  gitops = await started("5.16.0");
  await gitops.heard([commit({ "port.yml": service("pay") })]);
  expect(gitops.identifiers("service")).toEqual(["pay"]);
  const asked = gitops.bitbucket.calls.filter(({ path }) => /default/.test(path));
  expect(asked.map(({ path, status }) => [path.split(`/${slug()}/`)[1], status])).toEqual([
    ["default-branch", 404],
    ["branches/default", 200],
  ]);
});

test("a definition behind the thousand changes that Bitbucket tells is found", async () => {
  await gitops.heard([commit({ "port.yml": service("pay") })]);
  const many = Array.from({ length: 1_000 }, (_, index) => [`a/${index}.txt`, "x"] as const);
  await gitops.heard([commit({ ...Object.fromEntries(many), "port.yml": service("pay") + service("mail") })]);
  expect(gitops.identifiers("service").toSorted()).toEqual(["mail", "pay"]);
});

test.each([
  ["is still there", false],
  ["is collected", true],
])("after a forced push the tip counts, where the old commit %s", async (_, isCollected) => {
  const first = commit({ "port.yml": service("pay") });
  await gitops.heard([first]);
  await gitops.heard([commit({ "port.yml": service("pay", "Two") + service("mail") })]);
  const forced = gitops.bitbucket.forcePush("MOPP", slug(), tipId(first));
  if (isCollected) gitops.bitbucket.collectGarbage("MOPP", slug());
  expect(await gitops.heard([forced])).toEqual(["done"]);
  expect(gitops.entity("service", "pay")?.title).toBe("pay");
  expect(gitops.takeLeaving()).toHaveLength(1);
  await gitops.backfill({ allowMassDelete: true });
  expect(gitops.identifiers("service")).toEqual(["pay"]);
});

test("a definition file that is moved, with a change or without, keeps its entities and has one record", async () => {
  await gitops.heard([commit({ "port.yml": service("pay") })]);
  await gitops.heard([commit({}, { moves: { "port.yml": "a/port.yml" } })]);
  await gitops.heard([commit({ "a/port.yml": null, "b/port.yml": service("pay", "Two") })]);
  await gitops.backfill({ allowMassDelete: true });
  expect(gitops.entity("service", "pay")?.title).toBe("Two");
  expect(gitops.identifiers("bitbucketPortFile")).toEqual([`MOPP/${slug()}:b/port.yml`]);
});

test("what two repositories' files say of each other comes right when the later one is pushed, with the next backfill", async () => {
  const other = gitops.bitbucket.createRepository("MOPP", { name: "other" }).slug;
  const using = (name: string, of: string) =>
    `- { identifier: ${name}, blueprint: service, relations: { uses: [${of}] } }\n`;
  await gitops.heard([commit({ "port.yml": using("pay", "mail") })]);
  expect(gitops.entity("bitbucketPortFile", `MOPP/${slug()}:port.yml`)?.properties["problems"]).toContain(
    'Port has no service "mail", it is left out',
  );
  expect(gitops.identifiers("service")).toEqual(["pay"]);
  await gitops.heard([gitops.bitbucket.commit("MOPP", other, { "port.yml": using("mail", "pay") })]);
  await gitops.backfill();
  expect(gitops.entity("service", "pay")?.relations["uses"]).toEqual(["mail"]);
  expect(gitops.entity("service", "mail")?.relations["uses"]).toEqual(["pay"]);
  expect(
    gitops.world.live.simulator.entities("bitbucketPortFile").map(({ properties }) => properties["status"]),
  ).toEqual(["OK", "OK"]);
});

test("a link that leads nowhere leaves its property as it is, and one out of the repository is not asked for", async () => {
  const linked = (link: string) =>
    `- { identifier: pay, blueprint: service, properties: { readme: "${link}", tier: gold } }\n`;
  await gitops.heard([commit({ "a/port.yml": linked("file://a.md"), "a.md": "The text" })]);
  const problems: string[] = [];
  for (const link of [
    "file://gone.md",
    "file://../../etc/passwd",
    "file:///etc/passwd",
    "file://%2e%2e/x",
    "file://..\\\\x",
  ]) {
    const before = gitops.bitbucket.calls.length;
    await gitops.heard([commit({ "a/port.yml": linked(link) })]);
    expect(gitops.entity("service", "pay")?.properties).toMatchObject({ readme: "The text", tier: "gold" });
    problems.push(
      String(gitops.entity("bitbucketPortFile", `MOPP/${slug()}:a/port.yml`)?.properties["problems"]),
    );
    const raw = gitops.bitbucket.calls.slice(before).filter(({ path }) => path.includes("/raw/"));
    const paths = raw.map(({ path }) => path.split("/raw/")[1]).filter((path) => path !== "README.md");
    expect(paths).toEqual(link === "file://gone.md" ? ["a/port.yml", "gone.md"] : ["a/port.yml"]);
  }
  expect(problems).toEqual([
    expect.stringContaining('property "readme" stays as it is: the repository has no file "gone.md"'),
    ...Array(4).fill(expect.stringContaining('property "readme" stays as it is: "file://')),
  ]);
  expect(await gitops.backfill()).toMatchObject({ problems: [] });
});
