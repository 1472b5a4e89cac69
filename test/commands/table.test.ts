import { expect, test } from "vitest";
import { table } from "../../lib/commands/table.ts";

test("the first column stands at the left, the others at the right, each as wide as its widest cell", () => {
  const rows = [
    ["", "seen", "failed"],
    ["repository", "12345"],
    ["user", "7", "10"],
  ];
  expect(table(rows).split("\n")).toEqual([
    "             seen  failed",
    "repository  12345",
    "user            7      10",
  ]);
});

test("of no rows nothing is shown", () => {
  expect(table([])).toBe("");
});
