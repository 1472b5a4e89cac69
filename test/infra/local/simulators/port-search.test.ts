import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Entity, PortSimulator } from "../../../../infra/local/simulators/port/server.ts";
import { type Client, started } from "./port-support.ts";

let port: PortSimulator;
let call: Client;

beforeEach(async () => {
  ({ port, call } = await started());
  for (const key of ["A", "B"]) {
    port.put("project", { identifier: key });
    port.put("repository", {
      identifier: `${key}/r`,
      title: `${key} r`,
      properties: { stars: key === "A" ? 3 : 7, updated: "2024-01-02T00:00:00Z" },
      relations: { project: key },
    });
    for (const id of [1, 2, 3]) {
      port.put("pull", {
        identifier: `${key}/r/${id}`,
        title: `pull ${id}`,
        properties: { state: id === 1 ? "OPEN" : "MERGED", labels: id === 3 ? ["late", "big"] : [] },
        relations: { repository: `${key}/r`, participants: id === 2 ? ["u"] : [] },
      });
    }
  }
  port.put("user", { identifier: "u", title: "User" });
});
afterEach(() => port.close());

const search = (blueprint: string, body: unknown) =>
  call("POST", `/blueprints/${blueprint}/entities/search`, body);
const and = (...rules: unknown[]) => ({ query: { combinator: "and", rules } });

async function found(blueprint: string, ...rules: unknown[]): Promise<string[]> {
  const { status, body } = await search(blueprint, and(...rules));
  expect(status).toBe(200);
  return (body["entities"] as Entity[]).map(({ identifier }) => identifier);
}

describe("rules on properties", () => {
  it.each([
    [{ property: "state", operator: "=", value: "OPEN" }, ["A/r/1", "B/r/1"]],
    [{ property: "state", operator: "!=", value: "MERGED" }, ["A/r/1", "B/r/1"]],
    [{ property: "state", operator: "in", value: ["OPEN"] }, ["A/r/1", "B/r/1"]],
    [{ property: "state", operator: "notIn", value: ["MERGED"] }, ["A/r/1", "B/r/1"]],
    [{ property: "labels", operator: "contains", value: "late" }, ["A/r/3", "B/r/3"]],
    [{ property: "labels", operator: "containsAny", value: ["big", "x"] }, ["A/r/3", "B/r/3"]],
    [{ property: "labels", operator: "isNotEmpty" }, ["A/r/3", "B/r/3"]],
    [{ property: "$identifier", operator: "beginsWith", value: "B/r/2" }, ["B/r/2"]],
    [{ property: "$identifier", operator: "endsWith", value: "r/2" }, ["A/r/2", "B/r/2"]],
    [{ property: "$identifier", operator: "in", value: ["B/r/2", "A/r/1", "C"] }, ["A/r/1", "B/r/2"]],
    [{ property: "$title", operator: "doesNotContains", value: "pull" }, []],
    [{ relation: "repository", operator: "=", value: "B/r" }, ["B/r/1", "B/r/2", "B/r/3"]],
    [
      { relation: "participants", targetProperty: "$title", operator: "contains", value: "User" },
      ["A/r/2", "B/r/2"],
    ],
  ])("%j", async (rule, identifiers) => {
    expect(await found("pull", rule)).toEqual(identifiers);
  });

  it("compare numbers and dates", async () => {
    expect(await found("repository", { property: "stars", operator: ">", value: 3 })).toEqual(["B/r"]);
    expect(
      await found("repository", { property: "updated", operator: "<", value: "2024-01-02T00:00:00Z" }),
    ).toEqual([]);
    const range = { from: "2024-01-01T00:00:00Z", to: "2024-01-03T00:00:00Z" };
    expect(
      await found("repository", { property: "updated", operator: "between", value: range }),
    ).toHaveLength(2);
  });

  it("nest", async () => {
    const rules = [1, 2].map((id) => ({ property: "$identifier", operator: "=", value: `A/r/${id}` }));
    const open = { property: "state", operator: "=", value: "OPEN" };
    expect(await found("pull", { combinator: "or", rules }, open)).toEqual(["A/r/1"]);
  });

  it.each([
    ["a relation named as a property", { property: "repository", operator: "=", value: "A/r" }],
    ["an unknown property", { property: "nope", operator: "=", value: 1 }],
    ["an unknown operator", { property: "state", operator: "like", value: "O" }],
    ["a string for `in`", { property: "state", operator: "in", value: "OPEN" }],
    ["an array for `=`", { property: "state", operator: "=", value: ["OPEN"] }],
    ["a value for isEmpty", { property: "state", operator: "isEmpty", value: true }],
    ["no value", { property: "state", operator: "=" }],
    ["an unknown key", { property: "state", operator: "=", value: "OPEN", not: true }],
    ["an unknown direction", { operator: "relatedTo", blueprint: "project", value: "A", direction: "up" }],
    ["an unknown path", { operator: "matchAny", property: { path: ["nope"] }, value: "A" }],
  ])("refuse %s", async (_, rule) => {
    expect((await search("pull", and(rule))).status).toBe(422);
  });
});

describe("rules on relations", () => {
  const downstream = { operator: "relatedTo", blueprint: "project", direction: "downstream" };

  it("find what depends on any of the values, over several hops", async () => {
    expect(await found("repository", { ...downstream, value: "A" })).toEqual(["A/r"]);
    expect(await found("pull", { ...downstream, value: "B" })).toEqual(["B/r/1", "B/r/2", "B/r/3"]);
    expect(await found("pull", { ...downstream, value: ["A", "B", "C"] })).toHaveLength(6);
  });

  it("find what an entity depends on", async () => {
    const rule = { operator: "relatedTo", blueprint: "pull", value: "A/r/2", direction: "upstream" };
    expect(await found("project", rule)).toEqual(["A"]);
    expect(await found("user", rule)).toEqual(["u"]);
  });

  it("follow the index when relations change", async () => {
    port.put("repository", { identifier: "A/r", relations: { project: "B" } });
    expect(await found("pull", { ...downstream, value: "A" })).toEqual([]);
    port.remove("pull", "B/r/1");
    expect(await found("pull", { ...downstream, value: "B" })).toHaveLength(5);
  });

  it("match a path of relations, from either end", async () => {
    const property = { path: ["repository", "project"] };
    expect(await found("pull", { property, operator: "matchAny", value: ["B"] })).toHaveLength(3);
    const back = { property: { ...property, fromBlueprint: "pull" }, operator: "matchAny", value: "A/r/1" };
    expect(await found("project", back)).toEqual(["A"]);
  });
});

describe("what comes back", () => {
  it("is only what include names, the identifier always", async () => {
    const { body } = await search("pull", { limit: 1, include: ["state", "repository", "$updatedAt"] });
    expect(body["entities"]).toEqual([
      {
        identifier: "A/r/1",
        properties: { state: "OPEN" },
        relations: { repository: "A/r" },
        updatedAt: expect.any(String),
      },
    ]);
  });

  it("lacks what exclude names", async () => {
    const { body } = await search("pull", {
      limit: 1,
      exclude: ["labels", "participants", "$team", "$createdAt"],
    });
    const [entity] = body["entities"] as Entity[];
    expect(Object.keys(entity ?? {}).sort()).toEqual(
      ["blueprint", "identifier", "properties", "relations", "title", "updatedAt"].sort(),
    );
    expect(entity).toMatchObject({ properties: { state: "OPEN" }, relations: { repository: "A/r" } });
  });

  it("is a page; the pages hold each entity once, the last has no next", async () => {
    const all: string[] = [];
    let from: unknown;
    do {
      const { body } = await search("pull", { limit: 4, ...(from === undefined ? {} : { from }) });
      all.push(...(body["entities"] as Entity[]).map(({ identifier }) => identifier));
      from = body["next"];
    } while (from !== undefined);
    expect(all).toEqual(port.entities("pull").map(({ identifier }) => identifier));
  });

  it.each([
    { limit: 0 },
    { limit: 1001 },
    { limit: "10" },
    { from: "nonsense" },
    { include: ["nope"] },
    { include: "state" },
    { offset: 1 },
    { query: { rules: [] } },
  ])("refuses %j", async (body) => {
    expect((await search("pull", body)).status).toBe(422);
  });

  it("shows what has no value as null and [] when told to", async () => {
    const explicit = await started({ unset: "explicit" });
    explicit.port.put("pull", { identifier: "1" });
    const { body } = await explicit.call("POST", "/blueprints/pull/entities/search", {});
    expect(body["entities"]).toMatchObject([
      { properties: { state: null }, relations: { repository: null, participants: [] } },
    ]);
    await explicit.port.close();
  });
});

it("pages through 100,000 entities of a project in seconds", async () => {
  for (let id = 0; id < 100_000; id++) {
    port.put("pull", {
      identifier: `A/r/x${id}`,
      properties: { state: "OPEN" },
      relations: { repository: "A/r" },
    });
  }
  const rules = [{ operator: "relatedTo", blueprint: "project", value: "A", direction: "downstream" }];
  let from: unknown;
  let count = 0;
  const start = performance.now();
  do {
    const page = {
      query: { combinator: "and", rules },
      include: ["state"],
      limit: 1000,
      ...(from ? { from } : {}),
    };
    const { body } = await search("pull", page);
    count += (body["entities"] as Entity[]).length;
    from = body["next"];
  } while (from !== undefined);
  expect(count).toBe(100_003);
  expect(performance.now() - start).toBeLessThan(15_000);
});
