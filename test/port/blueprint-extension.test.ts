import { expect, test } from "vitest";
import { extensionOf } from "../../lib/port/blueprint-extension.ts";

const wanted = {
  identifier: "b",
  schema: { properties: { name: { type: "string" }, tags: { type: "array", items: { type: "string" } } } },
  relations: { project: { target: "p", many: false } },
};

test("a blueprint with nothing in it gets everything", () => {
  const { schema, relations } = wanted;
  expect(extensionOf({}, wanted)).toEqual({ parts: { schema, relations }, conflicts: [] });
  expect(extensionOf({ schema: null, relations: [] }, wanted)).toEqual({
    parts: { schema, relations },
    conflicts: [],
  });
});

test("a blueprint that wants nothing changes nothing", () => {
  expect(extensionOf({ identifier: "b" }, { identifier: "b" })).toEqual({ parts: undefined, conflicts: [] });
});

test("a computed property of the same name stays and is told of", () => {
  for (const part of ["mirrorProperties", "calculationProperties", "aggregationProperties"]) {
    const { conflicts, parts } = extensionOf({ ...wanted, schema: {}, [part]: { name: {} } }, wanted);
    expect(conflicts).toEqual(["b.name is a computed property"]);
    expect(parts).toEqual({ schema: { properties: { tags: wanted.schema.properties.tags } } });
  }
});

test("a property of another type stays and is told of, in whatever form it is", () => {
  const properties = { name: "text", tags: { type: "array", items: { type: 1 } } };
  expect(extensionOf({ ...wanted, schema: { properties } }, wanted)).toEqual({
    parts: undefined,
    conflicts: [
      "b.name is of type undefined instead of string",
      "b.tags is of type array instead of array of string",
    ],
  });
});

test("a relation to something else stays and is told of; one to one is what many: false says", () => {
  const withRelation = (project: object | string) =>
    extensionOf({ ...wanted, relations: { project: project as never } }, wanted);
  expect(withRelation({ target: "p" })).toEqual({ parts: undefined, conflicts: [] });
  expect(withRelation({ target: "p", many: true }).conflicts).toEqual([
    "b.project is a relation to many p instead of a relation to one p",
  ]);
  expect(withRelation("p").conflicts).toEqual([
    "b.project is a relation to one null instead of a relation to one p",
  ]);
});
