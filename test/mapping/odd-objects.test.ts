import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import type { Json, JsonObject } from "../../lib/json.ts";
import { loadMapper } from "../../lib/mapping/load.ts";
import type { Mapped } from "../../lib/mapping/mapped.ts";
import type { Mapper } from "../../lib/mapping/mapper.ts";
import { evaluated, mapperOf, placeOf, resource } from "../support/mapping.ts";
import { pullRequest } from "../support/payloads.ts";

const nested = (levels: number): Json => JSON.parse(`${"[".repeat(levels)}1${"]".repeat(levels)}`);
const identifiers = (mapped: readonly Mapped[]) => mapped.map((it) => it.entities[0]?.identifier);

it.each<[string, Json, Json]>([
  ["the first half of a surrogate pair", "a\ud83d", "a\ufffd"],
  ["the second half of one", "\udc00b", "\ufffdb"],
  ["two halves the wrong way round", "\udc00\ud83d", "\ufffd\ufffd"],
  ["a whole one", "\ud83d\ude00", "\ud83d\ude00"],
  ["what only looks like half of one", "\\ud83d \\\\ud83d", "\\ud83d \\\\ud83d"],
  ["half of one after a backslash", "\\\ud83d", "\\\ufffd"],
  ["half of one in a list", ["\ud83d"], ["\ufffd"]],
  ["half of one in a key", { "\ud83d": 1 }, { "\ufffd": 1 }],
  ["a NUL character", "a\0b", "a\ufffdb"],
  ["what only looks like one", "\\u0000", "\\u0000"],
  ["other control characters", "\u0001\u001f\u007f\u2028", "\u0001\u001f\u007f\u2028"],
  ["a number past 2^53", JSON.parse("9007199254740993"), 9_007_199_254_740_992],
  ["the largest number", Number.MAX_VALUE, Number.MAX_VALUE],
  ["the smallest number", 5e-324, 5e-324],
  ["a number that JSON does not have", Number.POSITIVE_INFINITY, null],
  ["200 levels", nested(199), nested(199)],
  ["a key like a prototype's", JSON.parse('{"__proto__":{"x":1}}'), JSON.parse('{"__proto__":{"x":1}}')],
])("%s costs neither its object nor its neighbours", async (_, odd, given) => {
  const mapped = await evaluated(".odd", { name: "a", odd: 1 }, { name: "b", odd }, { name: "c", odd: 1 });
  expect(identifiers(mapped)).toEqual(["a", "b", "c"]);
  expect(mapped.map((it) => it.failed)).toEqual([[], [], []]);
  expect(mapped[1]?.entities[0]?.properties["x"]).toEqual(given);
});

it.each<[string, Json]>([
  ["201 levels", nested(200)],
  ["1,000 levels", nested(1_000)],
  ["11,000 levels", nested(11_000)],
  ["100,000 levels", nested(100_000)],
])("%s cost their object only, which is marked", async (_, odd) => {
  const mapped = await evaluated(".name", { name: "a" }, { name: "b", odd }, { name: "c" });
  expect(identifiers(mapped)).toEqual(["a", undefined, "c"]);
  expect(mapped.map((it) => it.fault)).toEqual([
    undefined,
    { permanent: true, reason: expect.stringMatching(/deep/) },
    undefined,
  ]);
});

it("a property called __proto__ is one, and no object's prototype is changed", async () => {
  const properties = JSON.parse('{"__proto__":".tags","x":".name"}');
  const relations = JSON.parse('{"__proto__":".name"}');
  const [mapped] = (await mapperOf(resource({ properties, relations }))).map("user", [
    { name: "a", tags: { polluted: true } },
  ]);
  const entity = mapped?.entities[0];
  expect(Object.getPrototypeOf(entity?.properties)).toBe(Object.prototype);
  expect(Object.getPrototypeOf(entity?.relations)).toBe(Object.prototype);
  expect(({} as JsonObject)["polluted"]).toBeUndefined();
  expect(entity?.properties["x"]).toBe("a");
});

it("a text of 5 MB is cut to what Port takes, and its place is told", async () => {
  const long = `${"x".repeat(249_999)}\ud83d\ude00${"x".repeat(5_000_000)}`;
  const mapper = await mapperOf(resource({ title: ".odd", properties: { x: ".odd", y: ".name" } }));
  const [first, second] = mapper.map("user", [
    { name: "a", odd: long },
    { name: "b", odd: "short" },
  ]);
  expect(first?.entities[0]?.properties).toEqual({ x: `${"x".repeat(249_999)}\ufffd`, y: "a" });
  expect(first?.entities[0]?.title).toHaveLength(250_000);
  expect([first?.cut, second?.cut]).toEqual([[placeOf("title"), placeOf("properties.x")], []]);
});

let mapper: Mapper;
beforeAll(async () => {
  mapper = await loadMapper("default");
});

it("whatever stands in an object, its neighbours are mapped as they are without it", () => {
  const [alone] = mapper.map("pull-request", [pullRequest(1)]);
  const text = fc.string({ unit: "binary" });
  const halves = fc.array(fc.integer({ min: 0, max: 0xffff }).map((it) => String.fromCharCode(it)));
  const anyText = fc.oneof(
    text,
    halves.map((it) => it.join("")),
  );
  const anything = fc.oneof(anyText, fc.jsonValue(), fc.dictionary(anyText, fc.jsonValue()));
  const fields = fc.constantFrom(
    "title",
    "description",
    "id",
    "author",
    "reviewers",
    "fromRef",
    "toRef",
    "links",
  );
  const odd = fc.dictionary(fc.oneof(fields, anyText), anything as fc.Arbitrary<Json>);
  fc.assert(
    fc.property(odd, (object) => {
      const [first, second] = mapper.map("pull-request", [{ ...pullRequest(2), ...object }, pullRequest(1)]);
      expect(second).toEqual(alone);
      expect(first?.fault).toBeUndefined();
      const texts = JSON.stringify(first);
      expect(/\\ud[89a-f]|\\u0000/.test(texts.replaceAll("\\\\", ""))).toBe(false);
    }),
    { numRuns: 200 },
  );
});
