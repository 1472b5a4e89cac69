import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { type GitopsHarness, startGitops } from "../support/gitops.ts";

let gitops: GitopsHarness;
beforeEach(async () => {
  const data = demoData({ projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 0, users: 1 });
  gitops = await startGitops({ bitbucket: { data } });
});
afterEach(() => gitops.close());

const slug = () => [...(gitops.bitbucket.data.projects.get("MOPP")?.repositories.keys() ?? [])][0] ?? "";
const commit = (files: Record<string, string | null>) => gitops.bitbucket.commit("MOPP", slug(), files);
const service = (identifier: string) => `- { identifier: ${identifier}, blueprint: service }\n`;
const records = () => gitops.world.live.simulator.entities("bitbucketPortFile");

test("a record says which file of which repository it is, at which commit, and where to look at it", async () => {
  const { toCommit } = commit({ "a b/port.yml": service("pay") }) as never as { toCommit: { id: string } };
  await gitops.backfill();
  const [record] = records();
  expect(record).toMatchObject({
    title: "a b/port.yml",
    properties: {
      path: "a b/port.yml",
      commit: toCommit.id,
      status: "OK",
      entities: ["service:pay"],
      created: ["service:pay"],
      link: `${gitops.bitbucket.url}/projects/MOPP/repos/${slug()}/browse/a%20b/port.yml`,
    },
    relations: { repository: `MOPP/${slug()}` },
  });
});

const long = `${"folder/".repeat(150)}port.yml`;

test.each([
  ["differ only in what no identifier has", "a b/port.yml", "a_b/port.yml"],
  ["both have characters that no identifier has", "a b/port.yml", "a~b/port.yml"],
  ["are longer than an identifier", long, long.replace("/port.yml", "/x/port.yml")],
])("two files whose paths %s have a record each", async (_, one, other) => {
  commit({ [one]: service("one"), [other]: service("other") });
  for (let run = 0; run < 2; run++) expect((await gitops.backfill()).problems).toEqual([]);
  expect(gitops.identifiers("service").toSorted()).toEqual(["one", "other"]);
  expect(
    records()
      .map(({ properties }) => properties["path"])
      .toSorted(),
  ).toEqual([one, other].toSorted());
  commit({ [one]: null });
  expect((await gitops.backfill({ allowMassDelete: true })).problems).toEqual([]);
  expect(gitops.identifiers("service")).toEqual(["other"]);
  expect(records().map(({ properties }) => properties["path"])).toEqual([other]);
});
