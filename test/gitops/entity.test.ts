import { describe, expect, it } from "vitest";
import { entityText, readText } from "../support/definitions.ts";

/** What the entity `a` has, without its names and place. */
function read(...lines: string[]) {
  const { status, definitions, problems } = readText(entityText("a", ...lines));
  expect([status, problems]).toEqual(["OK", []]);
  const [first] = definitions;
  if (first === undefined) throw new Error("no definition");
  const { blueprint: _, identifier: __, place: ___, ...rest } = first;
  return rest;
}

describe("an identifier is the text as it is written", () => {
  it.each([
    "42",
    "1.10",
    "0777",
    "0x1F",
    "1e3",
    "true",
    "2024-01-01",
    "12:30",
    "yes",
    ".5",
    "Über",
    "a/b:c=d@e+f\\g",
    "...",
  ])("%s", (written) => {
    expect(readText(entityText(written)).definitions.map(({ identifier }) => identifier)).toEqual([written]);
  });

  it("whatever marks are around it", () => {
    for (const written of ['"42"', "'42'", "!!str 42", "! 42", "&x 42", "42 # of team A"])
      expect(readText(entityText(written)).definitions.map(({ identifier }) => identifier)).toEqual(["42"]);
  });

  it("in blueprint, title, icon, team and relations too", () => {
    expect(readText("blueprint: 1.10\nidentifier: a").definitions[0]?.blueprint).toBe("1.10");
    expect(
      read("title: 2024", "icon: 1.0", "team: [007, on]", "relations: {a: 1.10, b: [0x1F, true]}"),
    ).toEqual({
      title: "2024",
      icon: "1.0",
      team: ["007", "on"],
      properties: {},
      relations: { a: "1.10", b: ["0x1F", "true"] },
    });
  });
});

describe("a property's value", () => {
  it.each([
    ["yes", "yes"],
    ["on", "on"],
    ["No", "No"],
    ["2024-01-01", "2024-01-01"],
    ["2024-01-01T10:00:00Z", "2024-01-01T10:00:00Z"],
    ["12:30:45", "12:30:45"],
    ["1_000", "1_000"],
    ["'42'", "42"],
    ["!!str 42", "42"],
    ["TRUE", true],
    ["~", null],
    ["", null],
    ["0777", 777],
    ["0o17", 15],
    ["0x1F", 31],
    ["1e3", 1000],
    ["1.10", 1.1],
    ["!!int '7'", 7],
    ["9007199254740991", 9007199254740991],
    ["-9007199254740991", -9007199254740991],
    ["1e20", 1e20],
    ["'9007199254740993'", "9007199254740993"],
    ["|\n    one\n    two\n", "one\ntwo\n"],
    [">-\n    one\n    two\n", "one two"],
    ['"\\ud83d\\ude00"', "😀"],
    ['"\\ud800 and \\0"', "\ufffd and \ufffd"],
    ["{1: a, true: b, ~: c}", { "1": "a", true: "b", "~": "c" }],
    ["{toString: a, constructor: {b: c}}", { toString: "a", constructor: { b: "c" } }],
    ["[[], {}, [{}]]", [[], {}, [{}]]],
  ])("%s is %j", (written, value) => {
    expect(read("properties:", `  x: ${written}`)).toEqual({ properties: { x: value }, relations: {} });
  });

  it("may stand for what has a name above", () => {
    expect(
      read(
        "title: &t The A",
        "properties:",
        "  x: &x {a: 1}",
        "  y: [*x, *t]",
        "  z: {<<: *x, b: 2}",
        "  &k key: 1",
        "  o: {*k : 2}",
      ),
    ).toEqual({
      title: "The A",
      properties: { x: { a: 1 }, y: [{ a: 1 }, "The A"], z: { a: 1, b: 2 }, key: 1, o: { key: 2 } },
      relations: {},
    });
  });

  it("is the last one above that has the name", () => {
    expect(read("properties: {a: &x 1, b: *x, c: &x 2, d: *x}").properties).toEqual({
      a: 1,
      b: 1,
      c: 2,
      d: 2,
    });
  });
});

describe("<<", () => {
  it("takes what is not written, from one or several, the first of them first", () => {
    const { definitions } = readText(
      [
        "- &one {blueprint: b, identifier: one, properties: &p {x: 1, y: 2}}",
        "- {<<: *one, identifier: two}",
        "- {blueprint: b, identifier: three, properties: {<<: [{y: 0}, *p], x: 9}}",
        "- {blueprint: b, identifier: four, properties: {'<<': text}}",
      ].join("\n"),
    );
    expect(definitions.map(({ identifier, properties }) => [identifier, properties])).toEqual([
      ["one", { x: 1, y: 2 }],
      ["two", { x: 1, y: 2 }],
      ["three", { x: 9, y: 0 }],
      ["four", { "<<": "text" }],
    ]);
  });
});

describe("a relation and a team", () => {
  const search = "{combinator: and, rules: [{property: $title, operator: '=', value: 5}]}";
  const found = { combinator: "and", rules: [{ property: "$title", operator: "=", value: 5 }] };
  it.each([
    ["b", "b"],
    ["[b, c]", ["b", "c"]],
    ["[]", []],
    [search, found],
    [search.replace("and", "or"), { ...found, combinator: "or" }],
  ])("may be %s", (written, value) => {
    expect(read(`relations: {r: ${written}}`).relations).toEqual({ r: value });
    expect(read(`team: ${written}`).team).toEqual(value);
  });

  it("may be null: no relation, and no team", () => {
    expect(read("relations: {r: null, s: }", "team:")).toEqual({
      team: [],
      properties: {},
      relations: { r: null, s: null },
    });
  });
});
