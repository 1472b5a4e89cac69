import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../lib/json.ts";
import { loadMapper } from "../../lib/mapping/load.ts";
import { evaluated, mapperOf, placeOf, resource } from "../support/mapping.ts";
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
  ])("that fails, like %j, gives nothing, is listed, and costs nothing else", async (expression) => {
    const [first, second] = await evaluated(expression, ann, { name: "bob" });
    expect(first?.failed).toEqual([
      { place: placeOf("properties.x"), expression, reason: expect.any(String) },
    ]);
    expect(first?.entities).toMatchObject([{ identifier: "ann" }]);
    // No null, which would clear what Port has.
    expect(first?.entities[0]?.properties).toEqual({ y: "ann" });
    expect(second).toMatchObject({ entities: [{ identifier: "bob", properties: { y: "bob" } }] });
  });

  it("that fails for one object works for the next", async () => {
    const mapped = await evaluated(".n + 1", { name: "a", n: "x" }, { name: "b", n: 1 });
    expect(mapped.map((it) => it.failed.map(({ place }) => place))).toEqual([[placeOf("properties.x")], []]);
    expect(mapped.map((it) => it.entities[0]?.properties["x"])).toEqual([undefined, 2]);
  });

  it("is listed by its place, wherever it stands", async () => {
    const bad = ".name.x";
    const all = {
      title: bad,
      icon: bad,
      team: bad,
      properties: { p: bad },
      relations: { r: bad },
    };
    const [mapped] = (await mapperOf(resource(all))).map("user", [ann]);
    expect(mapped?.failed.map(({ place }) => place)).toEqual(
      ["title", "icon", "team", "properties.p", "relations.r"].map(placeOf),
    );
    expect(mapped?.entities).toMatchObject([{ identifier: "ann", properties: {}, relations: {} }]);
  });
});

describe("a selector", () => {
  it.each<[string, "takes it" | "leaves it out" | "leaves it out and is named", string?]>([
    ["true", "takes it"],
    ['.name == "ann"', "takes it"],
    ["false", "leaves it out"],
    ['.name != "ann"', "leaves it out"],
    [".flag", "leaves it out"],
    ["null", "leaves it out and is named", "it gives null in place of true or false"],
    ["empty", "leaves it out and is named", "it gives null in place of true or false"],
    [".name", "leaves it out and is named", "it gives a text in place of true or false"],
    [".tags", "leaves it out and is named", "it gives a list in place of true or false"],
    [
      ".name.x",
      "leaves it out and is named",
      'it takes a field of a text, which has none: "?" behind it gives nothing instead',
    ],
  ])("of %j: %s", async (selector, what, reason) => {
    const mapper = await mapperOf(resource({ selector, properties: { p: ".name.x" } }));
    const [mapped] = mapper.map("user", [ann]);
    expect(mapped?.entities).toHaveLength(what === "takes it" ? 1 : 0);
    expect(mapped?.skipped).toEqual(what === "leaves it out" ? [placeOf("selector")] : []);
    expect(mapped?.unidentified).toBeUndefined();
    const own = [{ place: placeOf("selector"), expression: selector, reason }];
    expect(mapped?.failed).toMatchObject(
      what === "takes it" ? [{ place: placeOf("properties.p") }] : reason === undefined ? [] : own,
    );
    // What an object is called does not depend on it.
    expect(mapper.map("user", [ann], false)[0]?.entities).toHaveLength(1);
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
