import { expect, test } from "vitest";
import { inParts, inTextParts } from "../lib/parts.ts";

test("a list is cut into parts of so many items, in their order", () => {
  expect(inParts([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(inParts([], 2)).toEqual([]);
});

test("texts are cut by number and by bytes, and one that is too large stands alone", () => {
  expect(inTextParts(["a", "b", "c", "d", "e"], 2, 100)).toEqual([["a", "b"], ["c", "d"], ["e"]]);
  expect(inTextParts(["aa", "ü", "b", "larger", "c"], 9, 4)).toEqual([["aa", "ü"], ["b"], ["larger"], ["c"]]);
  expect(inTextParts([], 2, 4)).toEqual([]);
});
