import { describe, expect, it } from "vitest";
import { isWorthShowing } from "../../../infra/local/terminal.ts";

describe("isWorthShowing", () => {
  it.each([
    ["a warning", JSON.stringify({ level: "warn", message: "m" }), true],
    ["an error", JSON.stringify({ level: "error", message: "m" }), true],
    ["an ordinary line", JSON.stringify({ level: "info", message: "m" }), false],
    ["metrics", JSON.stringify({ _aws: {}, received: 1 }), false],
    ["what is no log line", "Segmentation fault", true],
  ])("decides on %s", (_, line, expected) => {
    expect(isWorthShowing(line)).toBe(expected);
  });
});
