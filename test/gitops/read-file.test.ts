import { describe, expect, it } from "vitest";
import { readDefinitions } from "../../lib/gitops/read-file.ts";
import { entityText, readText } from "../support/definitions.ts";

function keys(text: string): readonly string[] {
  const { status, definitions, problems } = readText(text);
  expect([status, problems]).toEqual(["OK", []]);
  return definitions.map(({ blueprint, identifier, place }) => `${blueprint}:${identifier} ${place.line}`);
}

const a = entityText("a");

describe("a definition file may hold", () => {
  it.each<[string, string, string[]]>([
    ["one entity", a, ["service:a 1"]],
    ["a list", "- {identifier: a, blueprint: b}\n\n- blueprint: c\n  identifier: d\n", ["b:a 1", "c:d 3"]],
    [
      "several documents, each an entity or a list",
      `${a}---\n- {identifier: x, blueprint: y}\n---\n${entityText("z")}`,
      ["service:a 1", "y:x 4", "service:z 6"],
    ],
    ["JSON", '{\n\t"identifier": "a",\n\t"blueprint": "b"\n}\n', ["b:a 1"]],
    [
      "a JSON list",
      '[{"identifier":"a","blueprint":"b"},\n {"identifier":"c","blueprint":"d"}]',
      ["b:a 1", "d:c 2"],
    ],
    ["a byte order mark", `\ufeff${a}`, ["service:a 1"]],
    [
      "line ends of Windows",
      `---\n${a}---\n${entityText("b")}`.replaceAll("\n", "\r\n"),
      ["service:a 2", "service:b 5"],
    ],
    ["comments in front", `# of team A\n\n${a}`, ["service:a 3"]],
    ["directives of YAML 1.1", `%YAML 1.1\n---\n${a}`, ["service:a 3"]],
    ["an item that is commented out", "- {identifier: a, blueprint: b}\n- # identifier: c\n", ["b:a 1"]],
    ["nothing", "", []],
    ["blanks", " \n\n", []],
    ["comments only", "# identifier: a\n", []],
    ["empty documents", "---\n---\n...\n", []],
    ["an empty list", "[]", []],
    ["null", "null", []],
    [
      "1,000 entities",
      Array.from({ length: 1000 }, (_, index) => `- {identifier: e${index}, blueprint: b}\n`).join(""),
      Array.from({ length: 1000 }, (_, index) => `b:e${index} ${index + 1}`),
    ],
  ])("%s", (_, text, expected) => {
    expect(keys(text)).toEqual(expected);
  });

  it("all that an entity has", () => {
    const { definitions } = readText(
      entityText(
        "a",
        "title: The A",
        "icon: Service",
        "team: [one, two]",
        "properties: {tier: 1, notes: {deep: [true, null, x]}, gone: null}",
        "relations: {domain: shop, uses: [b, c]}",
      ),
      "services/a/port.yml",
    );
    expect(definitions).toEqual([
      {
        blueprint: "service",
        identifier: "a",
        title: "The A",
        icon: "Service",
        team: ["one", "two"],
        properties: { tier: 1, notes: { deep: [true, null, "x"] }, gone: null },
        relations: { domain: "shop", uses: ["b", "c"] },
        place: { path: "services/a/port.yml", line: 1 },
      },
    ]);
  });

  it("no more than an identifier and a blueprint", () => {
    const expected = { blueprint: "service", identifier: "a", properties: {}, relations: {} };
    const place = { path: "port.yml", line: 1 };
    for (const text of [a, entityText("a", "title:", "icon: ~", "properties:", "relations: null")])
      expect(readText(text).definitions).toStrictEqual([{ ...expected, place }]);
  });
});

const bytes = (text: string, encoding: BufferEncoding) => Buffer.from(text, encoding);

describe("a whole file is a fault when", () => {
  it.each<[string, Uint8Array, string]>([
    [
      "it is UTF-16",
      bytes(`\ufeff${a}`, "utf16le"),
      "The file is not read: it is UTF-16 or UTF-32: save it as UTF-8.",
    ],
    [
      "it is UTF-16, big end first",
      bytes(`\ufeff${a}`, "utf16le").swap16(),
      "The file is not read: it is UTF-16 or UTF-32: save it as UTF-8.",
    ],
    [
      "it is UTF-16 without a mark",
      bytes(a, "utf16le"),
      "The file is not read: it is UTF-16 or UTF-32: save it as UTF-8.",
    ],
    [
      "it is Latin-1",
      bytes(entityText("müller"), "latin1"),
      "The file is not read: it is not UTF-8: save it as UTF-8.",
    ],
    [
      "it has 1,001 entities",
      bytes("- {identifier: a, blueprint: b}\n".repeat(1001), "utf8"),
      "The file is not read: it has more than 1000 entities or documents.",
    ],
    [
      "it has 1,001 documents",
      bytes(`---\n`.repeat(1002) + a, "utf8"),
      "The file is not read: it has more than 1000 entities or documents.",
    ],
    [
      "it is larger than 1 MiB",
      bytes(a + "#".repeat(1024 * 1024), "utf8"),
      "The file is not read: it is larger than 1 MiB.",
    ],
    [
      "a value is indented as a key",
      bytes(`${a}properties: x\n  b: 2\n`, "utf8"),
      "Line 3, column 13: Nested mappings are not allowed in compact mappings.",
    ],
    ["a quote is not closed", bytes(`${a}title: 'x\n`, "utf8"), "Line 4, column 1: Missing closing 'quote."],
    [
      "a bracket is not closed",
      bytes(`${a}team: [x\n`, "utf8"),
      "Line 4, column 1: Flow sequence in block collection must be sufficiently indented and end with a ].",
    ],
    [
      "a second document is broken",
      bytes(`${a}---\n- a\nb: 1\n`, "utf8"),
      "Line 5, column 1: Unexpected scalar at node end.",
    ],
    [
      "it is indented by tabs",
      bytes(`${a}properties:\n\tb: 1\n`, "utf8"),
      "Line 4, column 1: Tabs are not allowed as indentation.",
    ],
    [
      "a merge left its marks",
      bytes(`<<<<<<< HEAD\n${a}`, "utf8"),
      "Line 1, column 1: Implicit keys need to be on a single line.",
    ],
    ["it is nested as deep as no stack goes", bytes("[".repeat(20_000), "utf8"), "It is nested too deeply."],
  ])("%s", (_, content, problem) => {
    const { problems, ...rest } = readDefinitions("a/port.yml", content, true);
    expect(rest).toEqual({ path: "a/port.yml", status: "FAULT", definitions: [] });
    expect(problems.map((text) => text.replace(/^Line 1, column \d+: (?=It is nested)/, ""))).toEqual([
      problem,
    ]);
  });

  it("not all of it was read", () => {
    const { status, definitions, problems } = readDefinitions("port.yml", bytes(a, "utf8"), false);
    expect([status, definitions, problems]).toEqual([
      "FAULT",
      [],
      ["The file is not read: it is larger than 1 MiB."],
    ]);
  });

  it.each([
    ["a: |hush\n x", "Line 1, column 5: Block scalar header includes extra characters."],
    ["a: !x!hush 1", "Line 1, column 4: Could not resolve tag."],
    [
      `${"k".repeat(1025)}: hush`,
      "Line 1, column 1: The : indicator must be at most 1024 chars after the start of an implicit block mapping key.",
    ],
    ["a: 'x' hush", "Line 1, column 8: Unexpected scalar at node end."],
  ])("it is broken, without telling what it says: %#", (text, problem) => {
    expect(readText(text).problems).toEqual([problem]);
  });
});
