import { describe, expect, it } from "vitest";
import { type LinkedFile, toLinkedFile } from "../../lib/gitops/linked-file.ts";
import { withLinks } from "../../lib/gitops/with-links.ts";
import type { JsonObject } from "../../lib/json.ts";
import { entityText, readText } from "../support/definitions.ts";

const here = (text: string): LinkedFile => ({ is: "here", text });

/** What becomes of the entity `a` and its links to files; its property `config` takes objects. */
function resolve(files: Record<string, LinkedFile>, ...lines: string[]) {
  const [definition] = readText(entityText("a", ...lines)).definitions;
  if (definition === undefined) throw new Error("no definition");
  return withLinks(definition, new Map(Object.entries(files)), (property) => property === "config");
}

describe("in place of a link stands", () => {
  it("the file's text, as it is, at any depth", () => {
    const files = { "README.md": here("# Hi\n"), "docs/b.json": here('{"b": 1}') };
    const lines = "properties: {readme: file://README.md, l: [{k: file://./docs/b.json}], n: 1, o: null}";
    expect(resolve(files, lines)).toEqual({
      definition: {
        blueprint: "service",
        identifier: "a",
        properties: { readme: "# Hi\n", l: [{ k: '{"b": 1}' }], n: 1, o: null },
        relations: {},
        place: { path: "port.yml", line: 1 },
      },
      problems: [],
    });
  });

  it("a name without the line break at its end", () => {
    const files = {
      TITLE: here("The A\n"),
      TEAM: here("team\r\n"),
      ICON: here(" Service "),
      R: here("shop\n"),
    };
    const { definition } = resolve(
      files,
      "title: file://TITLE",
      "icon: file://ICON",
      "team: [file://TEAM]",
      "relations: {r: file://R, l: [file://R, b]}",
    );
    expect(definition).toMatchObject({
      title: "The A",
      icon: "Service",
      team: ["team"],
      relations: { r: "shop", l: ["shop", "b"] },
    });
  });

  it.each<[string, string, unknown]>([
    ["c.json", '{"a": [1, {"b": null}], "c": "\\u0000"}', { a: [1, { b: null }], c: "\ufffd" }],
    ["c.json", '\ufeff{\n\t"a": 1\n}\n', { a: 1 }],
    ["c.yml", "a: yes\nb: 2024-01-01\n", { a: "yes", b: "2024-01-01" }],
    ["C.YAML", "# only\na: &x {y: 1}\nb: *x\n", { a: { y: 1 }, b: { y: 1 } }],
    ["c.json", "{}", {}],
  ])("what %s says, where an object may stand: %j", (path, text, value) => {
    const files = { [path]: toLinkedFile(new TextEncoder().encode(text), true) };
    expect(resolve(files, `properties: {config: file://${path}}`)).toMatchObject({
      definition: { properties: { config: value } },
      problems: [],
    });
  });

  it("what a file says within an object too, even if that is none", () => {
    const files = { "l.yml": here("[1, 2]"), "t.md": here("text"), "p.json": here('{"x": 1}') };
    const { definition } = resolve(
      files,
      "properties: {config: {l: file://l.yml, t: file://t.md, p: [file://p.json]}}",
    );
    expect(definition.properties).toEqual({ config: { l: [1, 2], t: "text", p: [{ x: 1 }] } });
  });
});

const subject = 'The entity on line 1 ("service:a")';

describe("what a link cannot fill is left out and named, and nothing else is,", () => {
  it.each<[string, LinkedFile | undefined, string]>([
    ["file://x.json", { is: "missing" }, 'the repository has no file "x.json"'],
    [
      "file://x.json",
      { is: "unreadable", why: "it is larger than 1 MiB" },
      'of the file "x.json", it is larger than 1 MiB',
    ],
    ["file://x.json", undefined, 'of the file "x.json", it was not read'],
    [
      "file://x.json",
      here('{"a": 1'),
      'of the file "x.json", it cannot be read (Line 1, column 8: Flow map must end with a })',
    ],
    [
      "file://x.json",
      here('{"a": 1, "a": 2}'),
      'of the file "x.json", it cannot be read (line 1: the key "a" is on line 1 already)',
    ],
    [
      "file://x.json",
      here('{"__proto__": {"a": 1}}'),
      'of the file "x.json", it cannot be read (line 1: __proto__ cannot be a key)',
    ],
    [
      "file://x.json",
      here('{"a": 9007199254740993}'),
      'of the file "x.json", it cannot be read (line 1: a number is too large to be kept exactly: if it is a text, put it in quotes)',
    ],
    ["file://x.json", here("a: 1\n---\nb: 2"), 'of the file "x.json", it has more than one document'],
    ["file://x.json", here("[1]"), '"file://x.json" holds no object'],
    ["file://x.json", here(""), '"file://x.json" holds no object'],
    ["file://x.md", here("text"), '"file://x.md" holds no object'],
    ["file://../x.json", here("{}"), '"file://../x.json" leads out of the repository'],
  ])("%s: %j", (link, file, why) => {
    const files: Record<string, LinkedFile> = {
      "ok.md": here("fine"),
      ...(file && { [link.slice(7)]: file }),
    };
    const { definition, problems } = resolve(
      files,
      `properties: {config: ${link}, ok: file://ok.md, n: 1}`,
      "relations: {r: b}",
    );
    expect([definition.properties, definition.relations]).toEqual([{ ok: "fine", n: 1 }, { r: "b" }]);
    expect(problems).toEqual([`${subject}: property "config" stays as it is: ${why}.`]);
  });

  it("in every place", () => {
    const { definition, problems } = resolve(
      { ok: here("fine") },
      "title: file://no",
      "team: [a, file://no]",
      "properties: {p: {q: [file://ok, file://no]}}",
      "relations: {r: [file://ok, file://no], s: c}",
    );
    expect(definition).toEqual({
      blueprint: "service",
      identifier: "a",
      properties: {},
      relations: { s: "c" },
      place: definition.place,
    });
    expect(problems).toEqual(
      ["title", "team", 'property "p"', 'relation "r"'].map(
        (what) => `${subject}: ${what} stays as it is: of the file "no", it was not read.`,
      ),
    );
  });
});

it("a file that makes an entity too large for Port is left out, and the small ones behind it are not", () => {
  const files = { big: here("x".repeat(600 * 1024)), small: here("y") };
  const { definition, problems } = resolve(
    files,
    "properties: {a: file://big, b: [1, file://big], c: file://small}",
  );
  expect(Object.keys(definition.properties)).toEqual(["a", "c"]);
  expect(problems).toEqual([
    `${subject}: property "b" stays as it is: with "big", its files have more than 1 MiB.`,
  ]);
});

describe("a file that is linked to", () => {
  const bytes = (text: string, encoding: BufferEncoding) => Buffer.from(text, encoding);
  it.each<[string, Uint8Array, boolean, LinkedFile]>([
    ["is its text, without a mark in front", bytes("\ufeffa\r\nb", "utf8"), true, here("a\r\nb")],
    ["has no NUL", bytes("ab\0", "utf8"), true, here("ab\ufffd")],
    ["may be empty", bytes("", "utf8"), true, here("")],
    [
      "is unreadable when it is UTF-16",
      bytes("\ufeffa", "utf16le"),
      true,
      { is: "unreadable", why: "it is UTF-16 or UTF-32: save it as UTF-8" },
    ],
    [
      "is unreadable when it is a picture",
      bytes("89504e470d0a1a0a", "hex"),
      true,
      { is: "unreadable", why: "it is not UTF-8: save it as UTF-8" },
    ],
    [
      "is unreadable when it is larger than 1 MiB",
      new Uint8Array(1024 * 1024 + 1).fill(65),
      true,
      { is: "unreadable", why: "it is larger than 1 MiB" },
    ],
    [
      "is unreadable when not all of it was read",
      bytes("a", "utf8"),
      false,
      { is: "unreadable", why: "it is larger than 1 MiB" },
    ],
  ])("%s", (_, content, isWhole, expected) => {
    expect(toLinkedFile(content, isWhole)).toEqual(expected);
  });

  it("is never more than an object, whatever its keys are called", () => {
    const { definition } = resolve(
      { "c.json": here('{"constructor": 1, "toString": 2}') },
      "properties: {config: file://c.json}",
    );
    expect(Object.entries(definition.properties["config"] as JsonObject)).toEqual([
      ["constructor", 1],
      ["toString", 2],
    ]);
  });
});
