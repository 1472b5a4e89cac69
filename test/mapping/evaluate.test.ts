import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../lib/json.ts";
import { loadMapper } from "../../lib/mapping/load.ts";
import { evaluated, mapperOf, resource } from "../support/mapping.ts";
import { pullRequest } from "../support/payloads.ts";

const ann: JsonObject = { name: "ann", tags: ["a", "b"], n: 5, flag: false };

describe("an expression", () => {
  it.each<[string, Json]>([
    [".name", "ann"],
    [".flag", false],
    [".nothing", null],
    ["empty", null],
    [".tags[]", "a"],
    [".name # the name", "ann"],
    ["# first\n.name", "ann"],
    ['"\\(.name) # \\")"', 'ann # ")'],
    ["def twice: . + .; .name | twice", "annann"],
    [". as {$name} | $name", "ann"],
    [".tags | length", 2],
    ["[.tags[] | {(.): 1}] | add", { a: 1, b: 1 }],
    [".name | debug", "ann"],
    ["label $out | .name, break $out", "ann"],
  ])("%j gives %j", async (expression, value) => {
    const [mapped] = await evaluated(expression, ann);
    expect(mapped).toMatchObject({ failed: [], entities: [{ properties: { x: value, y: "ann" } }] });
  });

  it.each([
    ...['.name | error("x")', "error(null)", ".name.x", '.n | test("a")', "input", ".tags | tonumber"],
    // These would end jq, with all other objects.
    ...[
      "halt",
      "halt_error",
      '"x" | halt_error(1)',
      'def f: halt; .name | if . == "ann" then f else null end',
    ],
  ])("that fails, like %j, gives null, is listed, and costs nothing else", async (expression) => {
    const [first, second] = await evaluated(expression, ann, { name: "bob" });
    expect(first).toMatchObject({
      failed: ["user.properties.x"],
      entities: [{ properties: { x: null, y: "ann" } }],
    });
    expect(second).toMatchObject({ entities: [{ identifier: "bob", properties: { x: null, y: "bob" } }] });
  });

  it("that fails for one object works for the next", async () => {
    const mapped = await evaluated(".n + 1", { name: "a", n: "x" }, { name: "b", n: 1 });
    expect(mapped.map((it) => [it.failed, it.entities[0]?.properties["x"]])).toEqual([
      [["user.properties.x"], null],
      [[], 2],
    ]);
  });

  it("is listed by its place, wherever it stands", async () => {
    const bad = ".name.x";
    const all = {
      selector: bad,
      title: bad,
      icon: bad,
      team: bad,
      properties: { p: bad },
      relations: { r: bad },
    };
    const [mapped] = (await mapperOf(resource(all))).map("user", [ann]);
    expect(mapped?.failed).toEqual(
      ["selector", "title", "icon", "team", "properties.p", "relations.r"].map((place) => `user.${place}`),
    );
    expect(mapped?.entities).toMatchObject([
      { identifier: "ann", properties: { p: null }, relations: { r: null } },
    ]);
  });
});

describe("a selector", () => {
  it.each<[string, boolean]>([
    ["true", true],
    ["false", false],
    ["null", false],
    ["empty", false],
    ['.name == "ann"', true],
    ['.name != "ann"', false],
    [".flag", false],
    [".name", true],
  ])("of %j takes the object: %j", async (selector, taken) => {
    const [mapped] = (await mapperOf(resource({ selector, properties: { p: ".name.x" } }))).map("user", [
      ann,
    ]);
    expect(mapped?.entities).toHaveLength(taken ? 1 : 0);
    expect(mapped?.unidentified).toBe(false);
    expect(mapped?.failed).toEqual(taken ? ["user.properties.p"] : []);
  });
});

it("several thousand objects go in one call, each with its own entity", async () => {
  const mapper = await loadMapper("default");
  const mapped = mapper.map(
    "pull-request",
    Array.from({ length: 4_000 }, (_, id) => pullRequest(id)),
  );
  expect(mapped.map((it) => it.entities.map((entity) => entity.identifier))).toEqual(
    Array.from({ length: 4_000 }, (_, id) => [`PRJ/app/${id}`]),
  );
  expect(mapper.map("pull-request", [])).toEqual([]);
});
