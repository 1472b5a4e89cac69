import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linkTarget } from "../../lib/gitops/link-target.ts";
import { linksOf } from "../../lib/gitops/links.ts";
import { entityText, readText } from "../support/definitions.ts";

describe("from services/a/port.yml, a link leads", () => {
  it.each([
    ["file://docs/a.md", "docs/a.md"],
    ["file://README.md", "README.md"],
    ["file://./a.md", "services/a/a.md"],
    ["file://../a.md", "services/a.md"],
    ["file://../../a.md", "a.md"],
    ["file://./../b/a.md", "services/b/a.md"],
    ["file://docs/./x/../a.md", "docs/a.md"],
    ["file://.github/a.md", ".github/a.md"],
    ["file://..a/...", "..a/..."],
    ["FILE://docs/a.md", "docs/a.md"],
    ["file://my docs/a b.md", "my docs/a b.md"],
    ["file://my%20docs/a%20b.md", "my docs/a b.md"],
    ["file://C%23/a%3F.md", "C#/a?.md"],
    ["file://100%.md", "100%.md"],
    ["file://100%25.md", "100%.md"],
    ["file://a%zz.md", "a%zz.md"],
    ["file://a%2541.md", "a%41.md"],
    ["file://über/%C3%BC.md", "über/ü.md"],
  ])("%s to %s", (link, target) => {
    expect(linkTarget(link, "services/a/port.yml")).toEqual({ target });
  });

  it.each([
    ["file://../../../a.md", "leads out of the repository"],
    ["file://docs/../../a.md", "leads out of the repository"],
    ["file://./../../../a.md", "leads out of the repository"],
    ["file:///etc/passwd", "begins with /: write it from the root of the repository"],
    ["file:////host/share", "begins with /: write it from the root of the repository"],
    ["file://%2e%2e/a.md", "has encoded dots"],
    ["file://docs/.%2E/a.md", "has encoded dots"],
    ["file://%2e/a.md", "has encoded dots"],
    ["file://%252e%252e/a.md", "has characters that no path has"],
    ["file://..%2fa.md", "has characters that no path has"],
    ["file://%2Fetc/passwd", "has characters that no path has"],
    ["file://..\\a.md", "has characters that no path has"],
    ["file://..%5Ca.md", "has characters that no path has"],
    ["file://a%00.md", "has characters that no path has"],
    ["file://a%0A.md", "has characters that no path has"],
    ["file://a\ufffd.md", "has characters that no path has"],
    ["file://a%E9.md", "has characters that no path has"],
    ["file://a.md?at=secret", "has a query or a fragment (in a name, ? is %3F and # is %23)"],
    ["file://a.md#top", "has a query or a fragment (in a name, ? is %3F and # is %23)"],
    ["file://", "names no file"],
    ["file://.", "names no file"],
    ["file://..", "names no file"],
    ["file://docs/", "names no file"],
    ["file://docs//a.md", "names no file"],
    ["file://docs/.", "names no file"],
  ])("nowhere: %s", (link, why) => {
    expect(linkTarget(link, "services/a/port.yml")).toEqual({ refused: `"${link}" ${why}` });
  });

  it("nowhere when it is longer than paths are", () => {
    expect(linkTarget(`file://${"a".repeat(1001)}`, "port.yml")).toHaveProperty("refused");
    expect(linkTarget(`file://${"a".repeat(1000)}`, "port.yml")).toHaveProperty("target");
  });
});

describe("the links of an entity", () => {
  it("are found at any depth, wherever a text may stand", () => {
    const [definition] = readText(
      entityText(
        "a",
        "title: file://TITLE",
        "team: [x, file://TEAM]",
        "properties: {readme: file://README.md, o: {l: [1, file://./b, {k: file://../../c}]}, no: see file://x}",
        "relations: {r: file://R, l: [a, file://L]}",
      ),
      "docs/port.yml",
    ).definitions;
    expect(definition && linksOf(definition)).toEqual([
      { at: ["title"], target: "TITLE" },
      { at: ["team", 1], target: "TEAM" },
      { at: ["properties", "readme"], target: "README.md" },
      { at: ["properties", "o", "l", 1], target: "docs/b" },
      { at: ["properties", "o", "l", 2, "k"], refused: '"file://../../c" leads out of the repository' },
      { at: ["relations", "r"], target: "R" },
      { at: ["relations", "l", 1], target: "L" },
    ]);
  });

  it("are none where there are none", () => {
    const [definition] = readText(entityText("a", "properties: {x: 1, y: null, z: file:x}")).definitions;
    expect(definition && linksOf(definition)).toEqual([]);
  });
});

const part = fc.oneof(
  fc.constantFrom(
    "..",
    ".",
    "",
    "%2e%2e",
    "%2E.",
    "..%2f",
    "..\\",
    "%5c",
    "%252e",
    "a",
    "b c",
    "%",
    "%00",
    "?",
    "#",
    "file:",
  ),
  fc.string({ unit: "binary", maxLength: 4 }),
);
const path = fc.array(part, { maxLength: 8 }).map((parts) => parts.join("/"));

it("no link leads out of the repository", () => {
  fc.assert(
    fc.property(path, fc.constantFrom("port.yml", "a/port.yml", "a/b c/port.yml"), (written, from) => {
      const found = linkTarget(`file://${written}`, from);
      if ("refused" in found) return;
      const names = found.target.split("/");
      expect(names.filter((name) => /^\.{0,2}$/.test(name))).toEqual([]);
      const sent = names.map(encodeURIComponent).join("/");
      const { pathname } = new URL(sent, "http://bitbucket.example.org/raw/");
      expect(pathname.split("/").slice(0, 2)).toEqual(["", "raw"]);
      expect(pathname.split("/")).toHaveLength(names.length + 2);
      // What a server that decodes twice would make of it.
      expect(found.target).not.toMatch(/[\\\0\n]|%2e|%2f|%5c/i);
    }),
    { numRuns: 2000 },
  );
});
