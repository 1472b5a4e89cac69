import { expect, test } from "vitest";
import { ConfigError } from "../../lib/errors.ts";
import { beginToken, endToken } from "../../lib/setup/rotation-tokens.ts";
import { rotationFailed } from "../../lib/setup/unfinished-rotation.ts";

test.each<[string, unknown, string[]]>([
  ["what is wrong with the settings", new ConfigError("No", ["one", "two"]), ["one", "two"]],
  ["that the time was up", new DOMException("over", "TimeoutError"), ["the time was up"]],
  ["an error by its kind, not by its words", new TypeError("secret-1 is bad"), ["TypeError"]],
  ["what is no error", "secret-1", ["something unknown went wrong"]],
])("a rotation that broke off tells %s, and that the old secret is still good", (_, error, reasons) => {
  const { faults, message } = rotationFailed(error);
  expect(faults.slice(0, -1)).toEqual(reasons);
  expect(faults.at(-1)).toContain("the old webhook secret is still good, until the same command, run again");
  expect(message).not.toContain("secret-1");
});

test("who begins or ends the rotation of the same versions has the same token, anybody else another", () => {
  const [one, two] = [{ id: "1" }, { id: "2" }] as never[];
  const tokens = [
    beginToken({ current: one } as never),
    beginToken({ current: two } as never),
    endToken({ current: two, previous: one } as never),
    endToken({ current: two } as never),
  ];
  expect(new Set(tokens).size).toBe(4);
  expect(tokens.map(({ length }) => length)).toEqual([64, 64, 64, 64]);
  expect(beginToken({ current: one, previous: two } as never)).toBe(tokens[0]);
});
