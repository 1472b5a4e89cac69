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
const push = (text: string) => gitops.heard([gitops.bitbucket.commit("MOPP", slug(), { "port.yml": text })]);
const record = () => gitops.entity("bitbucketPortFile", `MOPP/${slug()}:port.yml`)?.properties;

const search = (name: string) =>
  `{ combinator: and, rules: [{ property: name, operator: "=", value: ${name} }] }`;
const paying = (more: string) =>
  `- { identifier: pay, blueprint: service, relations: { team: ${search("Money")} }${more} }\n`;
const money = "- { identifier: money, blueprint: team, properties: { name: Money } }\n";

test("a search in a relation finds what the same file makes, at every sync, and an unchanged one writes nothing", async () => {
  for (const more of ["", ", title: Payments", ", title: Pay"]) {
    expect(await push(paying(more) + money)).toEqual(["done"]);
    expect(gitops.entity("service", "pay")?.relations["team"]).toBe("money");
    expect(record()).toMatchObject({ status: "OK", created: ["service:pay", "team:money"] });
  }
  const before = gitops.entity("service", "pay")?.updatedAt;
  expect((await gitops.backfill()).problems).toEqual([]);
  expect(gitops.entity("service", "pay")?.updatedAt).toBe(before);
});

test("a search that finds nothing costs its entity only that relation, is told, and made again by the next backfill", async () => {
  await push(paying(", properties: { tier: gold }"));
  expect(gitops.entity("service", "pay")).toMatchObject({ properties: { tier: "gold" }, relations: {} });
  expect(record()).toMatchObject({ status: "FAULT", created: ["service:pay"] });
  expect(record()?.["problems"]).toMatch(/^service:pay: Port refuses it: .*relation "team"/);
  gitops.world.live.simulator.put("team", {
    identifier: "cash",
    title: "By hand",
    properties: { name: "Money" },
  });
  await gitops.backfill();
  expect(gitops.entity("service", "pay")?.relations["team"]).toBe("cash");
  expect(record()).toMatchObject({ status: "OK", created: ["service:pay"] });
});

test("a relation to many takes what a search finds, and a team too", async () => {
  const { simulator } = gitops.world.live;
  simulator.setBlueprint({ ...simulator.blueprints()[0], identifier: "_team" } as never);
  for (const [blueprint, identifier] of [
    ["service", "a"],
    ["service", "b"],
    ["_team", "crew"],
  ] as const)
    simulator.put(blueprint, { identifier, title: "Shared", properties: {}, relations: {} });
  const titled = "{ combinator: or, rules: [{ property: $title, operator: contains, value: Share }] }";
  await push(`- { identifier: pay, blueprint: service, team: ${titled}, relations: { uses: ${titled} } }`);
  expect(gitops.entity("service", "pay")).toMatchObject({ team: ["crew"], relations: { uses: ["a", "b"] } });
  expect(record()).toMatchObject({ status: "OK" });
});

test("what Port takes only without a relation that comes later was made from here all the same, and goes", async () => {
  const wrong = "- { identifier: pay, blueprint: service, relations: { uses: mail } }\n";
  await push(`${wrong}- { identifier: mail, blueprint: service }\n`);
  expect(gitops.identifiers("service").toSorted()).toEqual(["mail", "pay"]);
  expect(record()?.["problems"]).toMatch(/service:pay: Port refuses it: .*relation "uses"/);
  expect(record()).toMatchObject({ created: ["service:pay", "service:mail"] });
  await push("[]");
  await gitops.backfill({ allowMassDelete: true });
  expect(gitops.identifiers("service")).toEqual([]);
});
