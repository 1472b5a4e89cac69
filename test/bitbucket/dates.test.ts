import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasTextDates, withEpochDates } from "../../lib/bitbucket/objects.ts";
import type { JsonObject } from "../../lib/json.ts";
import { pullRequest, start } from "../support/payloads.ts";

describe("dates", () => {
  const iso = new Date(start).toISOString();

  it("become epoch ms wherever they stand", () => {
    const object = {
      createdDate: iso,
      updatedDate: "2024-05-01T12:00:00.000+0200",
      closedDate: start,
      properties: { list: [{ mergedTimestamp: iso, deep: [[{ dueDate: iso }]] }] },
    };
    expect(withEpochDates(object)).toEqual({
      createdDate: start,
      updatedDate: start,
      closedDate: start,
      properties: { list: [{ mergedTimestamp: start, deep: [[{ dueDate: start }]] }] },
    });
  });

  it("that are none stay as they are", () => {
    const object = {
      createdDate: "soon",
      updatedDate: null,
      closedDate: "",
      aDate: { x: 1 },
      bDate: ["2024"],
    };
    expect(withEpochDates(object)).toEqual(object);
  });

  it("stay text under any other name: a title may look like one", () => {
    const object = {
      title: iso,
      description: iso,
      dates: [iso],
      updatedDateText: iso,
      links: { Date1: iso },
    };
    expect(withEpochDates(object)).toEqual(object);
  });

  it("leave everything else as it is, and the original too", () => {
    const original = pullRequest(1, { closedDate: iso });
    const before = structuredClone(original);
    expect(withEpochDates(original)).toEqual({ ...original, closedDate: start });
    expect(original).toEqual(before);
  });

  it("are the same after a second time", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const once = withEpochDates(value as JsonObject);
        expect(withEpochDates(once)).toEqual(once);
      }),
    );
  });

  it.each<[string, boolean]>([
    ['{"createdDate":"2024-05-01T10:00:00Z"}', true],
    ['{ "a": { "authorTimestamp" : "2024" } }', true],
    ['{"createdDate":1714557600000,"updatedDate":null}', false],
    ['{"title":"Date","Dates":"x"}', false],
  ])("as text are seen in %s: %o", (json, seen) => {
    expect(hasTextDates(json)).toBe(seen);
  });

  it("are seen in any JSON that has some to turn into epoch ms", () => {
    const named = fc.dictionary(fc.constantFrom("aDate", "bTimestamp", "c", "Date"), fc.jsonValue());
    fc.assert(
      fc.property(
        fc.oneof(named, fc.constant({ list: [{ aDate: iso }] })),
        fc.constantFrom(0, 2),
        (value, indent) => {
          const object = JSON.parse(JSON.stringify(value)) as JsonObject;
          const json = JSON.stringify(object, null, indent);
          if (!hasTextDates(json)) expect(withEpochDates(object)).toEqual(object);
        },
      ),
    );
  });

  it("do not lose a key with a special name", () => {
    const object = JSON.parse('{"__proto__":{"aDate":"2024-05-01T10:00:00.000Z"},"constructor":1}');
    expect(JSON.stringify(withEpochDates(object))).toBe(`{"__proto__":{"aDate":${start}},"constructor":1}`);
  });

  it("are found beside JSON that goes deeper than any stack", () => {
    const deep = `${"[".repeat(100_000)}1${"]".repeat(100_000)}`;
    const object = JSON.parse(`{"deep":${deep},"aDate":"2024-05-01T10:00:00.000Z"}`);
    expect(withEpochDates(object)["aDate"]).toBe(start);
  });
});
