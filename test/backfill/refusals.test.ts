import { afterEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import type { PortSimulatorOptions } from "../../infra/local/simulators/port/server.ts";
import type { Blueprint } from "../../infra/local/simulators/port/types.ts";
import { alike } from "../../lib/backfill/alike.ts";
import { portPath } from "../../lib/mapping/load.ts";
import { loadBlueprints } from "../../lib/port/blueprints.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";
import { type OwnMapping, ownMapper } from "../support/own-mapping.ts";
import { event, pullRequest } from "../support/payloads.ts";

let harness: BackfillHarness;
afterEach(() => harness?.close());
const port = () => harness.live.simulator;

async function start(options: PortSimulatorOptions = {}): Promise<void> {
  const data = demoData({ projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 20, users: 3 });
  harness = await startBackfill({ bitbucket: { data }, port: options });
}
const run = async (own: OwnMapping) =>
  harness.run({ mapper: await ownMapper({ project: {}, "pull-request": own }), projects: ["MOPP"] });
const cure = "run setup, or make it in Port where setup does not know it";

test.each<["per-entity" | "whole-call", string, OwnMapping, string]>(
  (["per-entity", "whole-call"] as const).flatMap((mode) => [
    [
      mode,
      "an enum",
      { properties: { state: ".title" } },
      'property "state" is none of the values that the blueprint allows: OPEN, MERGED, DECLINED, SUPERSEDED',
    ],
    [
      mode,
      "a date",
      { properties: { created_on: ".title" } },
      'property "created_on" is not of format date-time: it has to be a date and time with its zone, as 2024-05-01T10:00:00Z',
    ],
    [
      mode,
      "a type",
      { properties: { owner: ".toRef" } },
      'property "owner" has to be a text, and is an object',
    ],
    [
      mode,
      "one against many",
      { relations: { repository: '["a", "b"]' } },
      'relation "repository" is a list: the blueprint\'s relation leads to one',
    ],
  ]),
)(
  "%s: what Port refuses of twenty for %s is told once, by rule and never by value",
  async (mode, _, own, words) => {
    await start({ schemaErrors: mode });
    const { problems, counts } = await run(own);
    expect(problems).toEqual([
      expect.stringMatching(/^20 objects, e\.g\. (pull-request:mopp\/data-analyses\/\d+(, |: 422 )){3}/),
    ]);
    expect(problems[0]).toContain(`: 422 invalid_request: bitbucketPullrequest ${words}`);
    expect(problems[0]).not.toContain("draft");
    expect(counts["pull-request"]).toMatchObject({ failed: 20, created: 0 });
    expect(counts.project).toMatchObject({ created: 1 });
  },
);

test("a property that Port's blueprint lacks is told once with its cure, and goes well when it is made", async () => {
  await start();
  const own = { title: ".title", properties: { size: ".id" }, relations: { boss: ".title" } };
  const lacks = `property "size" is no property of the blueprint "bitbucketPullrequest"; relation "boss" is no relation of the blueprint "bitbucketPullrequest"`;
  const { problems, counts } = await run(own);
  expect(problems).toEqual([
    expect.stringMatching(/^20 objects, e\.g\. pull-request:.*, pull-request:.*, pull-request:/),
  ]);
  expect(problems[0]).toContain(`: port 422: ${lacks}: ${cure}`);
  expect(counts.project).toMatchObject({ created: 1 });
  for (const blueprint of port().blueprints()) {
    if (blueprint.identifier !== "bitbucketPullrequest") continue;
    const properties = { ...blueprint.schema.properties, size: { type: "number" } };
    port().setBlueprint({ ...blueprint, schema: { ...blueprint.schema, properties } });
  }
  expect((await run({ ...own, relations: {} })).problems).toEqual([]);
  expect(port().entity("bitbucketPullrequest", "MOPP/data-analyses/1")?.properties["size"]).toBe(1);
});

test("a blueprint that Port does not have is told once with its cure", async () => {
  const blueprints = loadBlueprints(portPath("blueprints"), "default") as unknown as Blueprint[];
  await start({ blueprints: blueprints.filter(({ identifier }) => identifier !== "bitbucketPullrequest") });
  const { problems, counts } = await run({});
  expect(problems.filter((it) => it.includes("pull-request:"))).toEqual([
    expect.stringContaining(`: port 404: a blueprint is missing, bitbucketPullrequest: ${cure}`),
  ]);
  expect(counts.project).toMatchObject({ created: 1 });
});

test("an event that Port refuses is dead-lettered with the rule that it breaks", async () => {
  await start();
  const mapper = await ownMapper({ "pull-request": { properties: { state: ".title" } } });
  const { outcomes } = await harness.live.sync(
    [event("pr:opened", { pullRequest: pullRequest(1, { title: "sesame" }) })],
    undefined,
    { mapper },
  );
  expect(outcomes).toEqual([
    {
      type: "dead",
      status: 422,
      reason:
        '422 invalid_request: bitbucketPullrequest property "state" is none of the values that the blueprint allows: OPEN, MERGED, DECLINED, SUPERSEDED',
    },
  ]);
});

test("a run's problems of one reason stand together where they are many, and alone where they are few", () => {
  const many = [1, 2, 3, 4].map((id) => `pull-request:a/b/${id}: 422 x: y`);
  expect(
    alike([
      "first",
      ...many.slice(0, 2),
      "user: why",
      "user: why",
      "project:a: other",
      ...many.slice(2),
      "and 6 more: 422 x: y",
    ]),
  ).toEqual([
    "first",
    "10 objects, e.g. pull-request:a/b/1, pull-request:a/b/2, pull-request:a/b/3: 422 x: y",
    "user: why",
    "user: why",
    "project:a: other",
  ]);
});
