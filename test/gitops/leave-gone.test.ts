import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { type GitopsHarness, startGitops } from "../support/gitops.ts";

let gitops: GitopsHarness;
const slug = () => [...(gitops.bitbucket.data.projects.get("MOPP")?.repositories.keys() ?? [])][0] ?? "";
const file = "- { identifier: pay, blueprint: service }\n";
/** A run of one project, which does not look at the others. */
const backfill = () => gitops.backfill({ projects: ["MOPP"], allowMassDelete: true });

beforeEach(async () => {
  const data = demoData({ projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 0, users: 1 });
  gitops = await startGitops({ bitbucket: { data } });
  gitops.bitbucket.commit("MOPP", slug(), { "port.yml": file });
  await gitops.backfill();
  expect(gitops.identifiers("service")).toEqual(["pay"]);
});
afterEach(() => gitops.close());

test.each([
  ["follow", true],
  ["500", false],
] as const)(
  "a repository that was moved out of a run's project, told by %s, keeps what its files made",
  async (moved, isTold) => {
    gitops.bitbucket.setMoved(moved);
    const was = slug();
    gitops.bitbucket.createProject({ key: "ELSE", name: "Elsewhere" });
    gitops.bitbucket.moveRepository("MOPP", was, "ELSE");
    await backfill();
    const key = isTold ? "ELSE" : "MOPP";
    expect(gitops.identifiers("bitbucketPortFile")).toEqual([`${key}/${was}:port.yml`]);
    expect(gitops.identifiers("service")).toEqual(["pay"]);
    await gitops.backfill();
    expect(gitops.identifiers("bitbucketPortFile")).toEqual([`ELSE/${was}:port.yml`]);
    expect(gitops.identifiers("service")).toEqual(["pay"]);
  },
);

test("what a repository's files made goes when another one has taken its address", async () => {
  const was = slug();
  gitops.bitbucket.deleteRepository("MOPP", was);
  gitops.bitbucket.createRepository("MOPP", { name: was, slug: was });
  gitops.bitbucket.commit("MOPP", was, { "README.md": "# Hi" });
  expect((await backfill()).problems).toEqual([]);
  expect(gitops.identifiers("service")).toEqual([]);
  expect(gitops.identifiers("bitbucketPortFile").filter((name) => name.includes("/"))).toEqual([]);
});
