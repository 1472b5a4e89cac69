import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDeeperThan, isJsonObject, type Json, parseJson, sameJson } from "../lib/json.ts";

const json = fc.jsonValue() as fc.Arbitrary<Json>;

/** The same value with the keys of every object the other way round. */
function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

describe("two JSON values", () => {
  it("are the same in whatever order their keys come", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(sameJson(value, reversed(structuredClone(value)))).toBe(true);
      }),
    );
  });

  it("are as same one way as the other", () => {
    fc.assert(fc.property(json, json, (a, b) => sameJson(a, b) === sameJson(b, a)));
  });

  it.each<[Json | undefined, Json | undefined]>([
    [1, "1"],
    [0, false],
    [null, undefined],
    [null, {}],
    [[], {}],
    [{}, []],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 1]],
    [{ a: 1 }, { a: 1, b: null }],
    [{ a: null }, { b: null }],
    [{ a: { b: [1] } }, { a: { b: [2] } }],
    ["a", "A"],
  ])("%j and %j differ", (a, b) => {
    expect([sameJson(a, b), sameJson(b, a)]).toEqual([false, false]);
  });

  it("do not take what every object inherits for a field", () => {
    expect(sameJson({ toString: 1 }, { a: 1 })).toBe(false);
    expect(sameJson(JSON.parse('{"constructor":null}'), { a: null })).toBe(false);
  });

  it("differ where one has a key that every object inherits, and the other one has not", () => {
    const proto = JSON.parse('{"__proto__":{}}') as Json;
    expect([sameJson(proto, { a: 1 }), sameJson({ a: 1 }, proto)]).toEqual([false, false]);
    expect(sameJson(proto, JSON.parse('{"__proto__":{}}'))).toBe(true);
  });

  it.each(["[", '{"a":'])("are compared however deep they go: %s", (open) => {
    const close = open === "[" ? "]" : "}";
    const deep = (inner: number) => JSON.parse(open.repeat(100_000) + inner + close.repeat(100_000)) as Json;
    expect([sameJson(deep(1), deep(1)), sameJson(deep(1), deep(2))]).toEqual([true, false]);
  });

  it("are the same when both are not there", () => {
    expect(sameJson(undefined, undefined)).toBe(true);
  });
});

describe("a text", () => {
  it("gives back the JSON that was written to it", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(sameJson(parseJson(JSON.stringify(value)), JSON.parse(JSON.stringify(value)))).toBe(true);
      }),
    );
  });

  it.each(["", " ", "<html></html>", "{", "undefined", "{'a':1}", "NaN"])("%o is no JSON", (text) => {
    expect(parseJson(text)).toBeUndefined();
  });

  it("of null is JSON", () => {
    expect(parseJson("null")).toBeNull();
  });
});

it("an object is neither an array nor null", () => {
  expect([{}, [], null, "x", 1, undefined].map(isJsonObject)).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});

it("a value is as deep as the arrays and objects within each other", () => {
  const values: Json[] = [1, null, [], {}, [1, "x"], [[]], { a: [1], b: 2 }, [[], [[1]]], { a: { b: {} } }];
  const depthOf = (value: Json) => [0, 1, 2, 3, 4].find((levels) => !isDeeperThan(levels, value));
  expect(values.map(depthOf)).toEqual([0, 0, 1, 1, 1, 2, 2, 3, 3]);
  expect(isDeeperThan(200, JSON.parse("[".repeat(100_000) + "]".repeat(100_000)))).toBe(true);
});
