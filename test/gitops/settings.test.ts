import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { createLiveDefinitions } from "../../lib/gitops/live.ts";
import { createMapper } from "../../lib/mapping/mapper.ts";
import { parseMapping } from "../../lib/mapping/schema.ts";
import { everyPortFile, type GitopsHarness, startGitops } from "../support/gitops.ts";
import { collectLines } from "../support/output.ts";

const lines = collectLines();
let gitops: GitopsHarness;
beforeEach(async () => {
  const data = demoData({ projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 0, users: 1 });
  gitops = await startGitops({ bitbucket: { data } });
});
afterEach(() => gitops.close());

const slug = () => [...(gitops.bitbucket.data.projects.get("MOPP")?.repositories.keys() ?? [])][0] ?? "";
const commit = (files: Record<string, string | null>) => gitops.bitbucket.commit("MOPP", slug(), files);
const record = () => gitops.entity("bitbucketPortFile", `MOPP/${slug()}:port.yml`)?.properties;
const service = "- { identifier: pay, blueprint: service }\n";

test("switched off again nothing is asked for, written or deleted, whatever there is from before", async () => {
  commit({ "port.yml": service });
  await gitops.backfill();
  const before = JSON.stringify(gitops.world.live.simulator.entities("bitbucketPortFile"));
  const payload = commit({ "port.yml": "[]" });
  const [bitbucket, port] = [gitops.bitbucket.calls.length, gitops.world.live.simulator.calls.length];
  expect(createLiveDefinitions(undefined, async () => {})).toBeUndefined();
  await gitops.world.live.sync([payload] as never);
  expect((await gitops.world.run()).problems).toEqual([]);
  const asked = gitops.bitbucket.calls.slice(bitbucket).map(({ path }) => path);
  expect(asked.filter((path) => /\/(files|changes|default-branch)$|port\.yml/.test(path))).toEqual([]);
  const told = gitops.world.live.simulator.calls.slice(port).map(({ path }) => path);
  expect(told.filter((path) => /bitbucketPortFile|service/.test(path))).toEqual([]);
  expect(JSON.stringify(gitops.world.live.simulator.entities("bitbucketPortFile"))).toBe(before);
  expect(gitops.identifiers("service")).toEqual(["pay"]);
});

test.each([
  ["is not named", [], "blueprint service is filled from Bitbucket: it has to be named in GITOPS_BLUEPRINTS"],
  ["is named", ["service"], "of blueprint service a file may only add to its own repository's entity"],
])(
  "a blueprint that a mapping of one's own fills is protected where it %s",
  async (_, blueprints, problem) => {
    const { mapper } = gitops.world.context();
    const filled = () => new Map([...mapper.filled(), ["service", new Set(["tier"])] as const]);
    commit({ "port.yml": service });
    await gitops.backfill({ mapper: { ...mapper, filled } }, { ...everyPortFile, blueprints });
    expect(gitops.identifiers("service")).toEqual([]);
    expect(record()).toMatchObject({ status: "FAULT", entities: [] });
    expect(record()?.["problems"]).toContain(problem);
  },
);

test("the repository's own entity takes an icon and a team where the mapping sets none, and loses them again", async () => {
  const named = { ...everyPortFile, blueprints: ["bitbucketRepository"] };
  const entry = (more: string) => `- { identifier: MOPP/${slug()}, blueprint: bitbucketRepository${more} }\n`;
  const entity = () => gitops.entity("bitbucketRepository", `MOPP/${slug()}`);
  commit({ "port.yml": entry(", icon: Bank, team: money") });
  await gitops.backfill({}, named);
  expect(entity()).toMatchObject({ icon: "Bank", team: ["money"] });
  commit({ "port.yml": entry("") });
  await gitops.backfill({}, named);
  expect(entity()?.icon).toBeUndefined();
  expect(entity()?.team).toEqual([]);
});

test("a mapping says which icons and teams it sets", async () => {
  const mappings = "{ identifier: .slug, blueprint: '\"box\"', icon: '\"Box\"', properties: { a: .name } }";
  const text = `resources: [{ kind: repository, port: { entity: { mappings: ${mappings} } } }]`;
  const mapper = await createMapper(parseMapping(text, "mine"), "mine");
  expect([...(mapper.filled().get("box") ?? [])].toSorted()).toEqual(["$icon", "a"]);
});

test("files with a fault are counted in a metric, and are no problem of a run", async () => {
  const payload = commit({ "port.yml": `${service}- { identifier: mail }\n` });
  await gitops.heard([payload]);
  const { problems, counts } = await gitops.backfill();
  expect(lines().filter((line) => line["gitopsFaults"] === 1)).toHaveLength(1);
  expect(problems).toEqual([]);
  expect(counts["gitops-file"]).toMatchObject({ seen: 1 });
});
