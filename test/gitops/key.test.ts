import { expect, test } from "vitest";
import { meantKey } from "../../lib/gitops/key.ts";

test.each([
  ["identifier", "identifier"],
  ["Identifier", "identifier"],
  ["identifer", "identifier"],
  ["dientifier", "identifier"],
  ["identity", "identifier"],
  ["id", undefined],
  ["blueprints", "blueprint"],
  ["bluprint", "blueprint"],
  ["lueprin", "blueprint"],
  ["tittle", "title"],
  ["tile", "title"],
  ["titel", undefined],
  ["i-con", "icon"],
  ["teams", "team"],
  ["tea", "team"],
  ["term", "team"],
  ["propertys", "properties"],
  ["reelations", "relations"],
  ["kind", undefined],
  ["", undefined],
  ["x".repeat(10_000), undefined],
])("%.20s is meant to be %s", (key, meant) => {
  expect(meantKey(key)).toBe(meant);
});
