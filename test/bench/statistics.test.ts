import { describe, expect, it } from "vitest";
import { median, quantile } from "./statistics.ts";

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

describe("median", () => {
  it("is the middle one, or lies between the two in the middle", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 6])).toBe(5.5);
    expect(median([])).toBeNaN();
  });
});

describe("quantile", () => {
  it("is a value that was measured", () => {
    expect(quantile(hundred, 0.99)).toBe(99);
    expect(quantile(hundred, 1)).toBe(100);
    expect(quantile([7], 0.99)).toBe(7);
    expect(quantile([], 0.99)).toBeNaN();
  });
});
