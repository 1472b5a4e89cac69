import { afterEach, expect, test } from "vitest";
import type { Blueprint } from "../../infra/local/simulators/port/types.ts";
import { type SetupHarness, startSetup, writesOf } from "../support/setup.ts";

let harness: SetupHarness;
afterEach(() => harness.close());

const portWrites = () => writesOf(harness.port).map(({ method, path }) => `${method} ${path.slice(3)}`);
function blueprint(identifier: string): Blueprint {
  const found = harness.port.blueprints().find((it) => it.identifier === identifier);
  if (found === undefined) throw new Error(`no ${identifier}`);
  return found;
}

test("the mapping's blueprints are created in the order of their relations, once", async () => {
  harness = await startSetup();
  expect((await harness.run()).blueprints).toEqual({ created: 4, extended: 0, unchanged: 0, conflicts: [] });
  expect(harness.port.blueprints().map(({ identifier }) => identifier)).toEqual([
    "bitbucketProject",
    "bitbucketUser",
    "bitbucketRepository",
    "bitbucketPullrequest",
  ]);
  expect(portWrites()).toEqual(Array.from({ length: 4 }, () => "POST /blueprints"));
  expect((await harness.run()).blueprints).toEqual({ created: 0, extended: 0, unchanged: 4, conflicts: [] });
  expect(portWrites()).toHaveLength(4);
});

test("those of port-docs have its own pull request", async () => {
  harness = await startSetup();
  await harness.run({}, { MAPPING: "port-docs" });
  const { schema, relations } = blueprint("bitbucketPullrequest");
  expect([schema.properties["participants"]?.type, Object.keys(relations ?? {})]).toEqual([
    "array",
    ["repository"],
  ]);
});

test.each(["shallow", "deep"] as const)(
  "what users added and changed stays, what is missing is added (PATCH is %s)",
  async (blueprintPatch) => {
    harness = await startSetup({ port: { blueprintPatch } });
    await harness.run();
    const full = blueprint("bitbucketRepository");
    const { forkable: _, ...properties } = full.schema.properties;
    const { project } = full.relations ?? {};
    harness.port.setBlueprint({ identifier: "team", title: "Team", schema: { properties: {} } });
    const users = {
      icon: "Rocket",
      description: "Ours",
      title: "Our repositories",
      ownership: { type: "Direct" },
      mirrorProperties: { key: { path: "project.$identifier", title: "Key" } },
    };
    harness.port.setBlueprint({
      ...full,
      ...users,
      schema: {
        properties: {
          ...properties,
          link: { title: "Web", type: "string", format: "url", icon: "Link" },
          tier: { type: "number" },
        },
        required: ["tier"],
      },
      relations: {
        ...(project && { project }),
        owner: { target: "team", many: false, required: false, title: "Owner" },
      },
    });
    const before = portWrites().length;
    expect((await harness.run()).blueprints).toEqual({
      created: 0,
      extended: 1,
      unchanged: 3,
      conflicts: [],
    });
    expect(portWrites().slice(before)).toEqual(["PATCH /blueprints/bitbucketRepository"]);
    const after = blueprint("bitbucketRepository");
    expect(after).toMatchObject(users);
    expect(after.schema).toEqual({
      properties: {
        ...full.schema.properties,
        link: { title: "Web", type: "string", format: "url", icon: "Link" },
        tier: { type: "number" },
      },
      required: ["tier"],
    });
    expect(after.relations).toEqual({
      ...full.relations,
      owner: { target: "team", many: false, required: false, title: "Owner" },
    });
    expect((await harness.run()).blueprints).toMatchObject({ extended: 0, unchanged: 4 });
    expect(portWrites()).toHaveLength(before + 1);
  },
);

test("what has another type or target is reported and left, the rest is added", async () => {
  harness = await startSetup();
  await harness.run();
  const full = blueprint("bitbucketPullrequest");
  const { title: _, ...rest } = full.schema.properties;
  const { merge_commit: __, ...properties } = rest;
  harness.port.setBlueprint({
    ...full,
    schema: {
      properties: {
        ...properties,
        description: { type: "object" },
        reviewers: { type: "array", items: { type: "object" } },
      },
    },
    relations: {
      repository: { target: "bitbucketProject", many: false, required: false },
      participants: { target: "bitbucketUser", many: false, required: false },
    },
  });
  const { ok, blueprints } = await harness.run();
  expect(blueprints).toEqual({
    created: 0,
    extended: 1,
    unchanged: 3,
    conflicts: [
      "bitbucketPullrequest.description is of type object instead of string",
      "bitbucketPullrequest.reviewers is of type array of object instead of array of string",
      "bitbucketPullrequest.repository is a relation to one bitbucketProject instead of a relation to one bitbucketRepository",
      "bitbucketPullrequest.participants is a relation to one bitbucketUser instead of a relation to many bitbucketUser",
    ],
  });
  expect(ok).toBe(true);
  const after = blueprint("bitbucketPullrequest");
  expect(after.schema.properties["merge_commit"]).toEqual({ title: "Merge Commit", type: "string" });
  expect(after.schema.properties["description"]).toEqual({ type: "object" });
  const written = portWrites().length;
  expect((await harness.run()).blueprints).toMatchObject({ extended: 0, unchanged: 4 });
  expect(portWrites()).toHaveLength(written);
});

test("one that somebody else creates meanwhile is read and extended", async () => {
  harness = await startSetup({
    port: {
      intercept: ({ method, path, body }) => {
        const isProject = (body as Blueprint | undefined)?.identifier === "bitbucketProject";
        if (method === "POST" && path.endsWith("/blueprints") && isProject) {
          const schema = { properties: { tier: { type: "number" } } };
          harness.port.setBlueprint({ identifier: "bitbucketProject", title: "Theirs", schema });
        }
        return undefined;
      },
    },
  });
  expect((await harness.run()).blueprints).toMatchObject({ created: 3, extended: 1 });
  const { title, schema } = blueprint("bitbucketProject");
  expect(title).toBe("Theirs");
  expect(Object.keys(schema.properties)).toEqual(["tier", "public", "description", "type", "link"]);
});
