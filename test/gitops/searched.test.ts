import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { everyPortFile, type GitopsHarness, startGitops } from "../support/gitops.ts";

let gitops: GitopsHarness;
beforeEach(async () => {
  const data = demoData({ projects: 2, repositoriesPerProject: 3, pullRequestsPerRepository: 0, users: 1 });
  gitops = await startGitops({ bitbucket: { data } });
  for (const key of ["MOPP", "SHOP"])
    for (const slug of slugs(key)) gitops.bitbucket.commit(key, slug, { "README.md": "# Hello" });
});
afterEach(() => gitops.close());

const slugs = (key = "MOPP") => [...(gitops.bitbucket.data.projects.get(key)?.repositories.keys() ?? [])];
const commit = (index: number, files: Record<string, string | null>) =>
  gitops.bitbucket.commit("MOPP", slugs()[index] ?? "", files);
const service = "- { identifier: pay, blueprint: service }\n";
const searched = () =>
  gitops.world.live.simulator
    .entities("bitbucketPortFile")
    .flatMap(({ properties }) =>
      properties["searched"] === undefined ? [] : [properties["searched"] as object],
    );

/** The repositories whose files are listed by some work, and what is written to Port about them. */
async function listedBy(work: () => Promise<unknown>): Promise<string[]> {
  const before = gitops.bitbucket.calls.length;
  await work();
  const calls = gitops.bitbucket.calls.slice(before).filter(({ path }) => path.endsWith("/files"));
  return calls.map(({ path }) => path.split("/").at(-2) ?? "");
}
const backfill = async (overrides = {}, config = everyPortFile) => {
  expect((await gitops.backfill({ allowMassDelete: true, ...overrides }, config)).problems).toEqual([]);
};

test("repositories without a definition are searched once a tip, remembered in one entity a project", async () => {
  commit(0, { "port.yml": service });
  expect((await listedBy(() => backfill())).toSorted()).toEqual([...slugs(), ...slugs("SHOP")].toSorted());
  expect(
    searched()
      .map((tips) => Object.keys(tips).length)
      .toSorted(),
  ).toEqual([2, 3]);
  const { length } = gitops.world.live.simulator.calls;
  expect(await listedBy(() => backfill())).toEqual([]);
  const writes = gitops.world.live.simulator.calls.slice(length).filter(({ path }) => path.endsWith("/bulk"));
  expect(writes).toEqual([]);
  commit(1, { "README.md": "more" });
  commit(2, { "port.yml": service.replace("pay", "mail") });
  expect((await listedBy(() => backfill())).toSorted()).toEqual([slugs()[1], slugs()[2]].toSorted());
  expect(gitops.identifiers("service").toSorted()).toEqual(["mail", "pay"]);
  expect(await listedBy(() => backfill())).toEqual([]);
});

test("with other settings all are searched anew", async () => {
  await backfill();
  commit(0, { "catalog.yml": service });
  await backfill();
  const files = { files: ["catalog.yml"], blueprints: [] };
  expect(await listedBy(() => backfill({}, files))).toHaveLength(6);
  expect(gitops.identifiers("service")).toEqual(["pay"]);
});

test("an empty listing where there are files is not remembered", async () => {
  commit(0, { "port.yml": service });
  gitops.bitbucket.break("MOPP", slugs()[0] ?? "", { files: "empty" });
  await backfill();
  gitops.bitbucket.break("MOPP", slugs()[0] ?? "", {});
  expect(await listedBy(() => backfill())).toEqual([slugs()[0]]);
  expect(gitops.identifiers("service")).toEqual(["pay"]);
});

test("repositories and projects that are gone are forgotten, and others' entities stay", async () => {
  await backfill();
  gitops.bitbucket.deleteRepository("MOPP", slugs()[0] ?? "");
  gitops.bitbucket.deleteProject("SHOP");
  await backfill();
  expect(searched().map((tips) => Object.keys(tips).length)).toEqual([2]);
  for (const slug of slugs()) gitops.bitbucket.deleteRepository("MOPP", slug);
  await backfill();
  expect(gitops.identifiers("bitbucketPortFile")).toEqual([]);
});

test("where Port refuses to remember it, all is done anew each time", async () => {
  const { simulator } = gitops.world.live;
  const blueprint = simulator.blueprints().find(({ identifier }) => identifier === "bitbucketPortFile");
  if (blueprint === undefined) throw new Error("there is no such blueprint");
  commit(0, { "port.yml": service });
  simulator.setIntercept(({ path, body }) =>
    path.endsWith("/bitbucketPortFile/entities/bulk") && JSON.stringify(body).includes('"searched"')
      ? { status: 422, body: { ok: false, error: "invalid_request", message: "no" } }
      : undefined,
  );
  await backfill();
  expect(await listedBy(() => backfill())).toHaveLength(5);
  expect(gitops.identifiers("service")).toEqual(["pay"]);
});
