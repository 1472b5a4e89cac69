import { expect, test } from "vitest";
import { createBudget } from "../../lib/aws/budget.ts";

test("some are let through at once, then one each time that so much time has gone by, and no more are saved up", () => {
  let now = 1_000;
  const may = createBudget(2, 100, () => now);
  const taken = (times: number) => Array.from({ length: times }, may).filter(Boolean).length;
  expect(taken(5)).toBe(2);
  now += 99;
  expect(taken(5)).toBe(0);
  now += 1;
  expect(taken(5)).toBe(1);
  now += 10_000;
  expect(taken(5)).toBe(2);
});
