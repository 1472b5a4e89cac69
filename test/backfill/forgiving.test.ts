import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import type { PropertySchema } from "../../infra/local/simulators/port/types.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";
import { type OwnMapping, ownMapper } from "../support/own-mapping.ts";

let harness: BackfillHarness;
/** A repository without pull requests, and one with 20; every fifth person has no e-mail address. */
beforeEach(async () => {
  const data = demoData({ projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 20, users: 10 });
  for (const [index, user] of data.users.entries()) if (index % 5 === 4) delete user.emailAddress;
  harness = await startBackfill({ bitbucket: { data } });
});
afterEach(() => harness.close());
const port = () => harness.live.simulator;
const pulls = () => port().entities("bitbucketPullrequest");
const first = () => port().entity("bitbucketPullrequest", "MOPP/data-analyses/1");

function define(properties: Record<string, PropertySchema>, many: readonly string[] = []): void {
  for (const blueprint of port().blueprints()) {
    if (blueprint.identifier !== "bitbucketPullrequest") continue;
    const relations = Object.fromEntries(
      many.map((name) => [name, { target: "bitbucketUser", required: false, many: true }]),
    );
    port().setBlueprint({
      ...blueprint,
      schema: { ...blueprint.schema, properties: { ...blueprint.schema.properties, ...properties } },
      relations: { ...blueprint.relations, ...relations },
    });
  }
}

const run = async (pullRequest: OwnMapping, more: Parameters<typeof ownMapper>[0] = {}) =>
  harness.run({ mapper: await ownMapper({ ...more, "pull-request": pullRequest }), projects: ["MOPP"] });

/** What it writes when nothing has changed since. */
async function writesAgain(pullRequest: OwnMapping, more: Parameters<typeof ownMapper>[0] = {}) {
  harness.live.takeCalls();
  await run(pullRequest, more);
  return harness.live.takeCalls().filter((call) => call.includes("/bulk"));
}

test("people without an address are left out of lists, and cost no pull request", async () => {
  const users = { user: { identifier: ".emailAddress" } };
  const own = {
    properties: { reviewers: "[.reviewers[].user.emailAddress]" },
    relations: { participants: "[.author.user.emailAddress, .reviewers[].user.emailAddress]" },
  };
  const { problems, counts } = await run(own, users);
  expect(problems).toEqual([]);
  expect(pulls()).toHaveLength(20);
  expect(counts["pull-request"]).toMatchObject({ created: 20, failed: 0 });
  const values = pulls().flatMap(({ properties, relations }) => [properties, relations]);
  expect(JSON.stringify(values)).not.toContain("null");
  expect(await writesAgain(own, users)).toEqual([]);
});

test("users whom the mapping gives no identifier are told once, and are no problem", async () => {
  const { problems, notes } = await run({}, { user: { identifier: ".emailAddress" } });
  expect(problems).toEqual([]);
  expect(notes).toEqual([
    "resources[0].port.entity.mappings.identifier: it gives nothing; nothing is made of that (3 objects, e.g. user)",
  ]);
});

describe("an expression that fails", () => {
  const failing = {
    title: "error(.title)",
    properties: { state: ".state", description: ".title.text", owner: "error(.author)" },
    relations: { participants: ".author.user.name[]" },
  };

  test("leaves in Port what is there, and is told once a run with an example", async () => {
    await run(
      {
        title: ".title",
        properties: { description: '"was there"', state: '"OPEN"', owner: '"me"' },
        relations: { participants: "[.author.user.emailAddress // .author.user.slug]" },
      },
      { user: {} },
    );
    const before = first();
    expect(before).toMatchObject({ title: "add a first draft", properties: { owner: "me" } });
    const { problems, notes } = await run(failing);
    expect(problems).toEqual([]);
    expect(pulls()).toHaveLength(20);
    expect(first()).toMatchObject({
      title: before?.title,
      properties: { description: "was there", owner: "me", state: "OPEN" },
      relations: before?.relations,
    });
    // The others changed: it is not that nothing was written.
    expect(pulls().map(({ properties }) => properties["state"])).toContain("MERGED");
    const at = (name: string, words: string) =>
      expect.stringMatching(
        new RegExp(
          `^resources\\[0\\]\\.port\\.entity\\.mappings\\.${name}: ${words}.*; it stays in Port as it is \\(20 objects, e\\.g\\. pull-request:mopp/data-analyses/\\d+\\)$`,
        ),
      );
    expect(notes).toHaveLength(4);
    expect(notes).toEqual(
      expect.arrayContaining([
        at("title", "it fails"),
        at("properties\\.description", "it takes a field of a text"),
        at("properties\\.owner", "it fails"),
        at("relations\\.participants", "it goes through a text"),
      ]),
    );
    expect(await writesAgain(failing)).toEqual([]);
  });

  test("is no reason not to make what is new", async () => {
    const { problems } = await run(failing);
    expect(problems).toEqual([]);
    expect(pulls()).toHaveLength(20);
    expect(first()?.properties).toMatchObject({ state: "OPEN" });
  });

  test("for an identifier costs that object alone", async () => {
    const identifier = 'if .id == 7 then error(.title) else "PR-\\(.id)" end';
    const { problems, counts } = await run({ identifier });
    expect(problems).toEqual(["pull-request:mopp/data-analyses/7: the mapping gives no identifier"]);
    expect(pulls()).toHaveLength(19);
    expect(counts["pull-request"]).toMatchObject({ created: 19, failed: 1 });
  });

  test("for a selector leaves the object out, is told, and deletes nothing that is there", async () => {
    await run({ title: ".title" });
    const selector = "if .id == 7 then .title.x elif .id == 8 then .title else .id < 3 end";
    const { problems, notes, counts } = await run({ selector, title: '"new"' });
    expect(problems).toEqual([]);
    expect(counts["pull-request"]).toMatchObject({ updated: 2, deleted: 0 });
    expect(pulls().filter(({ title }) => title === "new")).toHaveLength(2);
    expect(pulls()).toHaveLength(20);
    expect(notes).toEqual([
      'resources[0].selector.query: it takes a field of a text, which has none: "?" behind it gives nothing instead; what it fails for is left out (1 object, e.g. pull-request:mopp/data-analyses/7)',
      "resources[0].selector.query: it gives a text in place of true or false; what it fails for is left out (1 object, e.g. pull-request:mopp/data-analyses/8)",
    ]);
  });
});

describe("what the blueprint wants in another form", () => {
  const string = { type: "string" } as const;
  const strings = { type: "array", items: string } as const;
  test.each<[string, PropertySchema, string, unknown]>([
    ["a text becomes a list of one", strings, ".title", ["add a first draft"]],
    ["a text becomes a list of one, whatever is in it", { type: "array" }, ".title", ["add a first draft"]],
    ["a number becomes a text", string, ".id", "1"],
    ["numbers in a list become texts", strings, "[.id, .title]", ["1", "add a first draft"]],
    ["a number becomes a list of one text", strings, ".id", ["1"]],
    ["a number stays one", { type: "number" }, ".id", 1],
    ["numbers stay numbers", { type: "array", items: { type: "number" } }, "[.id]", [1]],
    ["numbers of any kind stay numbers", { type: "array" }, "[.id]", [1]],
    ["nothing stays nothing", strings, "null", undefined],
    ["a list stays a list", strings, "[.title]", ["add a first draft"]],
    ["an object stays one", { type: "object" }, "{id}", { id: 1 }],
  ])("%s", async (_, schema, expression, value) => {
    define({ own: schema });
    const own = { properties: { own: expression } };
    const { problems } = await run(own);
    expect(problems).toEqual([]);
    expect(first()?.properties["own"]).toEqual(value);
    expect(await writesAgain(own)).toEqual([]);
  });

  test("one identifier becomes a list where the relation is to many", async () => {
    define({}, ["people"]);
    const own = { relations: { people: ".author.user.emailAddress // .author.user.slug" } };
    const { problems } = await run(own, { user: {} });
    expect(problems).toEqual([]);
    expect(first()?.relations["people"]).toEqual([expect.stringContaining("@example.org")]);
    expect(await writesAgain(own, { user: {} })).toEqual([]);
  });

  test("each blueprint is read once, whatever the number of objects", async () => {
    const reads = () =>
      port().calls.filter(({ method, path }) => method === "GET" && path.includes("/blueprints/"));
    await run({}, { user: {}, repository: {}, project: {} });
    expect(
      reads()
        .map(({ path }) => path.split("/").at(-1))
        .toSorted(),
    ).toEqual(["bitbucketProject", "bitbucketPullrequest", "bitbucketRepository", "bitbucketUser"]);
  });

  test("where Port does not show blueprints, it is sent what the mapping makes", async () => {
    port().setIntercept(({ method, path }) =>
      method === "GET" && path.includes("/blueprints/") ? { status: 403, body: { ok: false } } : undefined,
    );
    const { problems } = await run({ title: ".title" }, { repository: {} });
    expect(problems).toEqual([]);
    expect(pulls()).toHaveLength(20);
  });
});
