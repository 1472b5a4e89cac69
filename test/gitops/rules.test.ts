import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import type { Blueprint } from "../../infra/local/simulators/port/types.ts";
import { everyPortFile, type GitopsHarness, serviceBlueprints, startGitops } from "../support/gitops.ts";

let gitops: GitopsHarness;
beforeEach(async () => {
  const data = demoData({ projects: 1, repositoriesPerProject: 2, pullRequestsPerRepository: 0, users: 1 });
  gitops = await startGitops({ bitbucket: { data } });
});
afterEach(() => gitops.close());

const slug = (index = 0) =>
  [...(gitops.bitbucket.data.projects.get("MOPP")?.repositories.keys() ?? [])][index] ?? "";
const commit = (files: Record<string, string | null>, index = 0) =>
  gitops.bitbucket.commit("MOPP", slug(index), files);
const record = (path = "port.yml", index = 0) =>
  gitops.entity("bitbucketPortFile", `MOPP/${slug(index)}:${path}`)?.properties;
const port = () => gitops.world.live.simulator;
const service = (identifier: string, more = "") =>
  `- { identifier: ${identifier}, blueprint: service${more} }\n`;

test.each(["a push", "a backfill"])(
  "a file that an entity refers to is read again when it alone changes, by %s",
  async (way) => {
    const first = commit({
      "a/port.yml": service("pay", ', properties: { readme: "file://./README.md" }'),
      "a/README.md": "one",
    });
    await gitops.heard([first]);
    expect(gitops.entity("service", "pay")?.properties["readme"]).toBe("one");
    const second = commit({ "a/README.md": "two" });
    if (way === "a push") await gitops.heard([second]);
    else await gitops.backfill();
    expect(gitops.entity("service", "pay")?.properties["readme"]).toBe("two");
  },
);

test.each(["bitbucketUser", "bitbucketProject", "bitbucketPullrequest", "bitbucketPortFile", "_user"])(
  "no file may write blueprint %s, not even where it is named, and its neighbours are written",
  async (blueprint) => {
    const entry = `- { identifier: x, blueprint: ${blueprint}, title: Mine }\n`;
    await gitops.heard([commit({ "port.yml": service("pay") + entry })]);
    await gitops.backfill({}, { ...everyPortFile, blueprints: [blueprint, "service"] });
    expect(gitops.entity(blueprint, "x")).toBeUndefined();
    expect(gitops.identifiers("service")).toEqual(["pay"]);
    expect(record()?.["problems"]).toContain(`files may not write blueprint ${blueprint}`);
    expect(record()).toMatchObject({ status: "FAULT", entities: ["service:pay"] });
  },
);

test("the repository's own entity takes only what the mapping does not set, and only where the blueprint is named", async () => {
  const blueprint = port()
    .blueprints()
    .find(({ identifier }) => identifier === "bitbucketRepository") as Blueprint;
  const { schema } = blueprint;
  const properties = { ...schema.properties, tier: { type: "string" } };
  port().setBlueprint({ ...blueprint, schema: { ...schema, properties } });
  const entry = (of: string) =>
    `- { identifier: MOPP/${of}, blueprint: bitbucketRepository, title: Mine, properties: { tier: gold, description: mine } }\n`;
  commit({ "port.yml": entry(slug()) + entry(slug(1)) });
  await gitops.backfill();
  expect(gitops.entity("bitbucketRepository", `MOPP/${slug()}`)?.properties["tier"]).toBeUndefined();
  expect(record()?.["problems"]).toContain("has to be named in GITOPS_BLUEPRINTS");
  const before = gitops.entity("bitbucketRepository", `MOPP/${slug()}`);
  await gitops.backfill({}, { ...everyPortFile, blueprints: ["bitbucketRepository"] });
  const after = gitops.entity("bitbucketRepository", `MOPP/${slug()}`);
  expect(after?.title).toBe(before?.title);
  expect(after?.properties).toEqual({ ...before?.properties, tier: "gold" });
  expect(gitops.entity("bitbucketRepository", `MOPP/${slug(1)}`)?.properties["tier"]).toBeUndefined();
  expect(record()?.["problems"]).toMatch(
    /title comes from Bitbucket[\s\S]*description comes from Bitbucket[\s\S]*only add to its own repository/,
  );
  commit({ "port.yml": "[]" });
  await gitops.backfill({ allowMassDelete: true }, { ...everyPortFile, blueprints: ["bitbucketRepository"] });
  expect(gitops.entity("bitbucketRepository", `MOPP/${slug()}`)?.properties).toEqual(before?.properties);
});

test("a blueprint that Port does not have is told, costs its neighbours nothing, and is tried again", async () => {
  commit({ "port.yml": `${service("pay")}- { identifier: x, blueprint: system }\n` });
  await gitops.backfill();
  expect(gitops.identifiers("service")).toEqual(["pay"]);
  expect(record()?.["problems"]).toContain("Port has no blueprint system");
  port().setBlueprint({ ...(serviceBlueprints[0] as Blueprint), identifier: "system" });
  await gitops.backfill();
  expect(gitops.identifiers("system")).toEqual(["x"]);
  expect(record()).toMatchObject({ status: "OK" });
});

test("an entity that Port refuses is told, with what it had, and costs its neighbours nothing", async () => {
  await gitops.heard([
    commit({ "port.yml": service("pay", ", properties: { tier: gold }") + service("mail") }),
  ]);
  const bad =
    service("pay", ", properties: { tier: bronze }") +
    service("mail", ", title: Mail") +
    service("odd", ", properties: { colour: red }");
  await gitops.heard([commit({ "port.yml": bad })]);
  expect(gitops.entity("service", "pay")?.properties["tier"]).toBe("gold");
  expect(gitops.entity("service", "mail")?.title).toBe("Mail");
  expect(gitops.entity("service", "odd")).toBeUndefined();
  expect(record()?.["problems"]).toMatch(/service:pay: Port refuses it: .+\nservice:odd: Port refuses it: /);
  await gitops.backfill({ allowMassDelete: true });
  expect(gitops.identifiers("service").toSorted()).toEqual(["mail", "pay"]);
});

test("a relation that is required leads forward, and where it leads nowhere no bare entity is made", async () => {
  const component = (name: string, of: string) =>
    `- { identifier: ${name}, blueprint: component, relations: { service: ${of} } }\n`;
  commit({ "port.yml": component("c1", "pay") + component("c2", "nowhere") + service("pay") });
  await gitops.backfill();
  expect(gitops.identifiers("component")).toEqual(["c1"]);
  expect(gitops.identifiers("service")).toEqual(["pay"]);
  expect(record()?.["problems"]).toContain('Port has no service "nowhere"');
  port().put("service", { identifier: "nowhere", title: "By hand" });
  await gitops.backfill();
  expect(gitops.entity("component", "c2")?.relations).toEqual({ service: "nowhere" });
  expect(record()).toMatchObject({ status: "OK" });
});

test("a slow backfill does not delete what a newer push defines, nor write what it saw before", async () => {
  await gitops.heard([commit({ "port.yml": service("pay", ", title: One") })]);
  commit({ "port.yml": "[]" });
  let pushed: Promise<string[]> | undefined;
  gitops.bitbucket.setIntercept(async ({ path }) => {
    if (pushed !== undefined || !/\/raw\/port\.yml/.test(path)) return undefined;
    pushed = gitops.heard([commit({ "port.yml": service("pay", ", title: Two") + service("mail") })]);
    return undefined;
  });
  await gitops.backfill({ allowMassDelete: true });
  expect(await pushed).toEqual(["done"]);
  await gitops.backfill({ allowMassDelete: true });
  expect(gitops.identifiers("service").toSorted()).toEqual(["mail", "pay"]);
  expect(gitops.entity("service", "pay")?.title).toBe("Two");
  expect(record()).toMatchObject({ created: expect.arrayContaining(["service:pay", "service:mail"]) });
});

test("many deletions at once are withheld and told, until they are allowed", async () => {
  const many = Array.from({ length: 11 }, (_, index) => service(`s${index}`)).join("");
  commit({ "port.yml": many });
  await gitops.backfill();
  commit({ "port.yml": "[]" });
  const { problems, counts } = await gitops.backfill({ maxDeletePercent: 10 });
  expect(problems.join()).toContain(
    "definition files: 11 of 11 entities would be deleted, more than 10 %: withheld",
  );
  expect(counts["gitops-entity"]).toMatchObject({ withheld: 11, deleted: 0 });
  expect(gitops.identifiers("service")).toHaveLength(11);
  const allowed = await gitops.backfill({ maxDeletePercent: 10, allowMassDelete: true });
  expect(allowed.counts["gitops-entity"]).toMatchObject({ deleted: 11 });
  expect(gitops.identifiers("service")).toEqual([]);
});

test.each([
  [
    "other files",
    { files: ["catalog.yml"], blueprints: [] },
    "IGNORED",
    "GITOPS_FILES does not name this file any more",
  ],
  [
    "other blueprints",
    { files: ["**/port.yml"], blueprints: ["team"] },
    "FAULT",
    "does not name blueprint service",
  ],
])("settings that name %s delete nothing, and are told", async (_, config, status, problem) => {
  commit({ "port.yml": service("pay") });
  await gitops.backfill();
  await gitops.backfill({ allowMassDelete: true }, config);
  expect(gitops.identifiers("service")).toEqual(["pay"]);
  expect(record()).toMatchObject({ status, entities: ["service:pay"], created: ["service:pay"] });
  expect(record()?.["problems"]).toContain(problem);
  await gitops.backfill({ allowMassDelete: true });
  expect(record()).toMatchObject({ status: "OK", created: ["service:pay"] });
});

test("what another repository waits for is not deleted while that one cannot be read", async () => {
  commit({ "port.yml": service("pay") });
  await gitops.backfill();
  commit({ "port.yml": service("pay", ", title: Second") }, 1);
  await gitops.backfill();
  expect(record("port.yml", 1)).toMatchObject({ waiting: ["service:pay"] });
  gitops.bitbucket.break("MOPP", slug(1), { commits: "nameless-403" });
  await gitops.heard([commit({ "port.yml": "[]" })]);
  await gitops.backfill({ allowMassDelete: true });
  expect(gitops.identifiers("service")).toEqual(["pay"]);
  gitops.bitbucket.break("MOPP", slug(1), {});
  await gitops.backfill({ allowMassDelete: true });
  expect(gitops.entity("service", "pay")?.title).toBe("Second");
  expect(record("port.yml", 1)).toMatchObject({ status: "OK", created: ["service:pay"], waiting: [] });
});

test("what Port alone can judge goes there as it is written, and what it refuses costs no other entry", async () => {
  await gitops.heard([
    commit({
      "port.yml": [
        service("pay", ", icon: Service, team: [money]"),
        service("odd", ", relations: { nowhere: pay }"),
        service("out", ", title: Out, properties: { readme: file://../../README.md }"),
        "- { identifier: colon, blueprint: 'a:b' }\n",
        service("mail", ", title: Mail"),
      ].join(""),
    }),
  ]);
  expect(gitops.entity("service", "pay")).toMatchObject({ icon: "Service", team: ["money"] });
  expect(gitops.identifiers("service").toSorted()).toEqual(["mail", "out", "pay"]);
  expect(gitops.entity("service", "out")?.properties).not.toHaveProperty("readme");
  const problems = String(record()?.["problems"]);
  expect(problems).toMatch(/service:odd: Port refuses it: 422 \S+: relation "nowhere"/);
  expect(problems).toContain("a blueprint with a colon (a:b) cannot be kept track of");
  expect(problems).toMatch(/\("service:out"\).*"readme" stays as it is: .* leads out of the repository/);
  expect(record()).toMatchObject({ status: "FAULT", references: [] });
});
