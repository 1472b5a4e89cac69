import { afterAll, beforeAll, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { readDefinitionFiles } from "../../lib/gitops/read-definition-files.ts";
import { type GitopsHarness, startGitops } from "../support/gitops.ts";

let gitops: GitopsHarness;
beforeAll(async () => {
  const data = demoData({ projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 0, users: 1 });
  gitops = await startGitops({ bitbucket: { data } });
});
afterAll(() => gitops.close());

const slug = () => [...(gitops.bitbucket.data.projects.get("MOPP")?.repositories.keys() ?? [])][0] ?? "";
const commit = (files: Record<string, string | null>) => gitops.bitbucket.commit("MOPP", slug(), files);
const named = (name: string) => `{ identifier: ${name}, blueprint: service }\n`;
const faults = () =>
  gitops.world.live.simulator
    .entities("bitbucketPortFile")
    .filter(({ properties }) => properties["status"] === "FAULT");

test("of more megabytes of definitions than anyone writes the first are read, one file says so for the rest, and nothing goes", async () => {
  commit({ "z/port.yml": `${named("early")}---\n${named("taken")}` });
  await gitops.backfill();
  const large = `{ identifier: large, blueprint: service }\n${"#".repeat(1_040_000)}`;
  const some = Array.from(
    { length: 30 },
    (_, index) => [`a${index}/port.yml`, large.replace("large", `a${index}`)] as const,
  );
  commit({ ...Object.fromEntries(some), "z/port.yml": named("early") });
  const asked = gitops.bitbucket.calls.length;
  expect((await gitops.backfill({ allowMassDelete: true })).problems).toEqual([]);
  const read = gitops.bitbucket.calls.slice(asked).filter(({ path }) => /\/raw\/.*port\.yml/.test(path));
  expect(new Set(read.map(({ path }) => path)).size).toBe(24);
  expect(faults().map(({ properties }) => properties["problems"])).toEqual([
    expect.stringMatching(
      /^The file is not read, nor are \d+ others: the repository has more than 1000 such files, or more than 16 MiB/,
    ),
  ]);
  expect(gitops.identifiers("service")).toEqual(expect.arrayContaining(["early", "taken", "a0"]));
  commit(Object.fromEntries(some.map(([path]) => [path, null])));
  expect((await gitops.backfill({ allowMassDelete: true })).problems).toEqual([]);
  expect(gitops.identifiers("service")).toEqual(["early"]);
  expect(faults()).toEqual([]);
});

test("of more than a thousand definition files those in front are read", async () => {
  const paths = Array.from({ length: 1_005 }, (_, index) => `d${index}/port.yml`);
  let asked = 0;
  const fileAt = async () => {
    asked++;
    return { is: "here", bytes: Buffer.from(named("x")), isWhole: true } as const;
  };
  const repository = { key: "MOPP", slug: slug(), id: "1", object: {}, tip: "1" };
  const files = await readDefinitionFiles(repository, paths, {
    bitbucket: { ...gitops.world.context().bitbucket, fileAt },
  });
  expect([asked, files.length]).toEqual([1_000, 1_001]);
  expect(files.at(-1)).toEqual({
    path: "d1000/port.yml",
    status: "FAULT",
    definitions: [],
    problems: [
      "The file is not read, nor are 4 others: the repository has more than 1000 such files, or more than 16 MiB of them.",
    ],
  });
});
