import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { type GitopsHarness, startGitops } from "../support/gitops.ts";

let gitops: GitopsHarness;
beforeEach(async () => {
  const data = demoData({ projects: 1, repositoriesPerProject: 2, pullRequestsPerRepository: 0, users: 1 });
  gitops = await startGitops({ bitbucket: { data } });
});
afterEach(() => gitops.close());

const slug = (index = 0) =>
  [...(gitops.bitbucket.data.projects.get("MOPP")?.repositories.keys() ?? [])][index] ?? "";
const commit = (text: string, index = 0) =>
  gitops.bitbucket.commit("MOPP", slug(index), { "port.yml": text });
const record = (index = 0) => gitops.entity("bitbucketPortFile", `MOPP/${slug(index)}:port.yml`)?.properties;
const service = (identifier: string, more = "") =>
  `- { identifier: ${identifier}, blueprint: service${more} }\n`;
const many = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join("");

test.each([
  ["identifiers", many(900, (index) => service(`${"x".repeat(900)}${index}`))],
  [
    "links",
    service(
      "pay",
      `, properties: { contacts: [${many(900, (index) => `file://${"x".repeat(900)}${index}, `)}] }`,
    ),
  ],
])(
  "a file with more %s than Port keeps in one entity costs only itself, and loses nothing",
  async (_, text) => {
    await gitops.heard([commit(service("early"))]);
    commit(text);
    commit(service("mail"), 1);
    expect((await gitops.backfill({ allowMassDelete: true })).problems).toEqual([]);
    expect(gitops.identifiers("service").toSorted()).toEqual(["early", "mail"]);
    expect(record()).toMatchObject({
      status: "FAULT",
      entities: ["service:early"],
      created: ["service:early"],
      problems:
        "The file is not written: its entities' names, fields and links have more than 400 kB. Split it.",
    });
    expect(record(1)).toMatchObject({ status: "OK" });
    await gitops.heard([commit(service("late"))]);
    await gitops.backfill({ allowMassDelete: true });
    expect(gitops.identifiers("service").toSorted()).toEqual(["late", "mail"]);
  },
);

test("of hundreds of problems the first are told", async () => {
  await gitops.heard([commit(service("pay") + many(500, (index) => `- { identifier: s${index} }\n`))]);
  const problems = String(record()?.["problems"]).split("\n");
  expect(problems).toHaveLength(101);
  expect(problems.at(-1)).toBe("And 400 more.");
  expect(gitops.identifiers("service")).toEqual(["pay"]);
  const before = gitops.entity("bitbucketPortFile", `MOPP/${slug()}:port.yml`)?.updatedAt;
  await gitops.backfill();
  expect(gitops.entity("bitbucketPortFile", `MOPP/${slug()}:port.yml`)?.updatedAt).toBe(before);
});

test("hundreds of entities with the longest names are asked for in as many searches as Port takes", async () => {
  const name = (index: number) => `${"中".repeat(990)}${index}`;
  const files = Array.from({ length: 6 }, (_, file) => [
    `${file}/port.yml`,
    many(40, (index) => service(name(file * 40 + index))),
  ]);
  gitops.bitbucket.commit("MOPP", slug(), Object.fromEntries(files));
  for (let run = 0; run < 2; run++)
    expect((await gitops.backfill({ allowMassDelete: true })).problems).toEqual([]);
  expect(gitops.identifiers("service")).toHaveLength(240);
});
