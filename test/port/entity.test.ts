import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entityKey, keyOf, relationTargets, safeIdentifier } from "../../lib/port/entity.ts";

const legal = /^(?!\.{1,2}$)[\p{L}0-9@_.+:\\/=-]+$/u;
const anyText = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40, unit: "binary" }),
  fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" }),
  fc.constantFrom(".", "..", "...", "~", " ", "\n", "\u0000", "\ud800", "a\ud800b", "😀", "é", "e\u0301"),
);

describe("a safe identifier", () => {
  it("is always one that Port takes", () => {
    fc.assert(fc.property(anyText, (text) => legal.test(safeIdentifier(text))));
  });

  it("stays as it is", () => {
    fc.assert(fc.property(anyText, (text) => safeIdentifier(safeIdentifier(text)) === safeIdentifier(text)));
  });

  it("is the text itself where Port takes that", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        fc.pre(legal.test(text));
        expect(safeIdentifier(text)).toBe(text);
      }),
    );
  });

  it.each([
    ["~Ann/app/7", "_Ann/app/7"],
    ["o'hara@example.org", "o_hara@example.org"],
    ["a b#c%d&e", "a_b_c_d_e"],
    ["ann+tag@example.org", "ann+tag@example.org"],
    ["Größe\\ß/漢字=:.", "Größe\\ß/漢字=:."],
    ["😀", "_"],
    ["line\nbreak", "line_break"],
    [".", "_"],
    ["..", "__"],
    ["...", "..."],
    ["./..", "./.."],
    ["٣", "_"],
  ])("of %j is %j", (text, expected) => {
    expect(safeIdentifier(text)).toBe(expected);
  });
});

describe("what an entity is found by", () => {
  it("is its blueprint and its identifier", () => {
    expect(keyOf({ blueprint: "a", identifier: "b" })).toBe(entityKey("a", "b"));
  });

  it("differs for any two entities", () => {
    const name = fc.stringMatching(/^[A-Za-z0-9@_.+:\\/=-]{1,6}$/);
    fc.assert(
      fc.property(name, name, name, name, (a, b, c, d) => {
        expect(entityKey(a, b) === entityKey(c, d)).toBe(a === c && b === d);
      }),
    );
  });
});

it("a relation points to none, one or many", () => {
  expect(relationTargets(undefined)).toEqual([]);
  expect(relationTargets(null)).toEqual([]);
  expect(relationTargets("A")).toEqual(["A"]);
  expect(relationTargets(["A", "B"])).toEqual(["A", "B"]);
  expect(relationTargets([])).toEqual([]);
});
