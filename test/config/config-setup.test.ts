import { expect, it } from "vitest";
import { parseConfig } from "../../lib/config/parse.ts";

const port = { PORT_CLIENT_ID: "client", PORT_CLIENT_SECRET: "hush" };
const parsed = (value: string) =>
  parseConfig({ ...port, IS_VERSION_8_7_OR_OLDER: value }).webhooksPerRepository;

it.each<[string, boolean | undefined]>([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
  ["", undefined],
  [" ", undefined],
])("IS_VERSION_8_7_OR_OLDER=%s", (value, expected) => {
  expect(parsed(value)).toBe(expected);
});

it.each(["yes", "True", "8.7", "2"])("IS_VERSION_8_7_OR_OLDER=%s is refused", (value) => {
  expect(() => parsed(value)).toThrow(/IS_VERSION_8_7_OR_OLDER is none of true, false, 1, 0/);
});
