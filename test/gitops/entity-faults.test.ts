import { describe, expect, it } from "vitest";
import { entityText, readText } from "../support/definitions.ts";

const letters = "letters, digits and @ _ . + : / \\ = - are allowed";
const search = "{combinator: and, rules: [{property: p, operator: '=', value: v}]}";
const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("an entity is not written, and its neighbours are, where", () => {
  it.each<[string, string]>([
    ["identifier: a", "it has no blueprint"],
    ["blueprint: b", "it has no identifier"],
    ["blueprint: b\nidentifier:", "it has no identifier"],
    ["blueprint: ~\nidentifier: a", "it has no blueprint"],
    ["blueprint: b\nidentifier: ''", "its identifier is empty"],
    [entityText(search), "its identifier is a search or another mapping, and has to be a text"],
    [entityText("[a]"), "its identifier is a list, and has to be a text"],
    [entityText("file://ID"), "its identifier cannot come from a file"],
    [entityText("my service"), `Port takes no identifier "my service": ${letters}`],
    [entityText("a#b"), `Port takes no identifier "a#b": ${letters}`],
    [entityText(".."), `Port takes no identifier "..": ${letters}`],
    [entityText('"a\\0"'), `Port takes no identifier "a\ufffd": ${letters}`],
    [entityText("x".repeat(1001)), "its identifier has more than 1000 characters"],
    [
      "identifier: a\nblueprint: ../x y",
      `Port takes no blueprint "../x y": letters, digits and @ _ . + : / \\ - are allowed`,
    ],
    [
      "identifier: a\nblueprint: a=b",
      `Port takes no blueprint "a=b": letters, digits and @ _ . + : / \\ - are allowed`,
    ],
    [`identifier: a\nblueprint: ${"x".repeat(101)}`, "its blueprint has more than 100 characters"],
    [entityText("a", "title: [x]"), "its title is no text"],
    [entityText("a", "icon: {x: 1}"), "its icon is no text"],
    [
      entityText("a", "team: {x: 1}"),
      "its team is neither a name, nor a list of names, nor a search (combinator, rules)",
    ],
    [entityText("a", "properties: [x]"), "its properties are no mapping of names to values"],
    [entityText("a", "relations: x"), "its relations are no mapping of names to values"],
    ...[
      "{b: c}",
      "[[b]]",
      "[null]",
      "''",
      "['']",
      "{combinator: xor, rules: [{}]}",
      "{combinator: and, rules: []}",
      "{combinator: and, rules: [x]}",
      "{combinator: and}",
    ].map((written): [string, string] => [
      entityText("a", `relations: {r: ${written}}`),
      'its relation "r" is neither an identifier, nor a list of them, nor a search (combinator, rules)',
    ]),
    [entityText("a", "propertes: {x: 1}"), 'no entity has "propertes" (properties?)'],
    [entityText("a", "props: {x: 1}"), 'no entity has "props" (properties?)'],
    [entityText("a", "Relation: {x: y}"), 'no entity has "Relation" (relations?)'],
    [entityText("a", "teams: [x]"), 'no entity has "teams" (team?)'],
    ["identifer: a\nblueprint: b", 'no entity has "identifer" (identifier?); it has no identifier'],
    [entityText("a", "identifier: b"), 'line 6: the key "identifier" is on line 5 already'],
    [
      entityText("a", "properties:", "  x: 1", "  y: 2", '  "x": 3'),
      'line 9: the key "x" is on line 7 already',
    ],
    [entityText("a", "properties: {x: {__proto__: {y: 1}}}"), "line 6: __proto__ cannot be a key"],
    [entityText("a", "properties: {? [x] : 1}"), "line 6: a key is no text"],
    [entityText("a", "properties: {'': 1}"), "line 6: a key is no text"],
    [
      entityText("a", "properties: {x: 9007199254740993}"),
      "line 6: a number is too large to be kept exactly: if it is a text, put it in quotes",
    ],
    [
      entityText("a", "properties: {x: [-9007199254740993]}"),
      "line 6: a number is too large to be kept exactly: if it is a text, put it in quotes",
    ],
    [
      entityText("a", "properties: {x: 0xFFFFFFFFFFFFFFFF}"),
      "line 6: a number is too large to be kept exactly: if it is a text, put it in quotes",
    ],
    ...[".nan", "-.inf", "1e999"].map((written): [string, string] => [
      entityText("a", `properties: {x: ${written}}`),
      "line 6: a number is not finite: if it is a text, put it in quotes",
    ]),
    [entityText("a", "properties: {x: !vault y}"), "line 6: the tag !vault has no meaning here"],
    [entityText("!Ref a"), "line 5: the tag !Ref has no meaning here"],
    [entityText("a", "properties: !x {y: 1}"), "line 6: the tag !x has no meaning here"],
    [
      entityText("a", "properties: {x: !!binary aGk=}"),
      "line 6: the tag tag:yaml.org,2002:binary has no meaning here",
    ],
    [entityText("a", "properties: {x: *y}"), "line 6: an alias stands for nothing above it"],
    [entityText("a", "properties: {<<: *y}"), "line 6: an alias stands for nothing above it"],
    [entityText("a", "properties: {<<}"), "line 6: << takes neither a mapping nor a list of mappings"],
    [entityText("a", "properties: {<<: 5}"), "line 6: << takes neither a mapping nor a list of mappings"],
    [entityText("a", "properties: &x {<<: *x}"), "line 6: << takes neither a mapping nor a list of mappings"],
    [
      entityText("a", "properties: &x {y: *x}"),
      "line 6: more than 100 mappings and lists stand within each other",
    ],
    [
      entityText("a", `properties: {x: ${nested(99)}}`),
      "line 6: more than 100 mappings and lists stand within each other",
    ],
    ["just a text", "it is no mapping of keys to values"],
    ["apiVersion: v1", "it has no blueprint; it has no identifier"],
  ])("%s", (text, fault) => {
    const { status, definitions, problems } = readText(
      `${entityText("before")}---\n${text}\n---\n${entityText("after")}`,
    );
    expect([status, definitions.map(({ identifier }) => identifier)]).toEqual(["FAULT", ["before", "after"]]);
    expect(problems[0]).toMatch(/^The entity on line 4( \(".*"\))? is not written: /);
    expect(problems[0]?.replace(/^.*? is not written: /, "")).toBe(`${fault}.`);
  });

  it("it is as deep as goes", () => {
    expect(readText(entityText("a", `properties: {x: ${nested(98)}}`)).status).toBe("OK");
  });

  it("several faults are told at once, by the entity's name, and not more than five", () => {
    const numbers = Array.from({ length: 7 }, (_, index) => `  n${index}: .nan`);
    expect(readText(entityText("a", "title: []", "properties:", ...numbers)).problems).toEqual([
      `The entity on line 1 ("service:a") is not written: its title is no text; ${[5, 6, 7, 8]
        .map((line) => `line ${line}: a number is not finite: if it is a text, put it in quotes`)
        .join("; ")}; and 3 more.`,
    ]);
  });

  it("its aliases stand for gigabytes", () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0 ? "  l0: &l0 [x, x]" : `  l${level}: &l${level} [${`*l${level - 1}, `.repeat(9)}]`,
    );
    const { status, definitions, problems } = readText(entityText("a", "properties:", ...levels));
    expect([status, definitions]).toEqual(["FAULT", []]);
    expect(problems[0]).toContain("the aliases up to here stand for more than 1 MiB");
  });

  it("many aliases of little are none", () => {
    const aliases = Array.from({ length: 3000 }, (_, index) => `  k${index}: *t`);
    expect(readText(entityText("a", "title: &t text", "properties:", ...aliases)).status).toBe("OK");
  });
});

describe("what no entity has", () => {
  it("is ignored and named once, and is no fault", () => {
    const { status, definitions, problems } = readText(
      `apiVersion: v0.1\n${entityText("a")}---\napiVersion: v0.1\nOwner: x\n${entityText("b", "properties: {}", "prop: 1")}`,
    );
    expect([status, definitions.length]).toEqual(["OK", 2]);
    expect(problems).toEqual([
      'No entity has "apiVersion": it is ignored (entity on line 1 and 1 more).',
      'No entity has "Owner": it is ignored (entity on line 5).',
      'No entity has "prop": it is ignored (entity on line 5).',
    ]);
  });

  it("is counted past ten", () => {
    const more = Array.from({ length: 12 }, (_, index) => `x${index}: 1`);
    expect(readText(entityText("a", ...more)).problems).toHaveLength(11);
    expect(readText(entityText("a", ...more)).problems.at(-1)).toBe("2 more keys are ignored.");
  });
});
