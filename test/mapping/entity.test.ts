import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../lib/json.ts";
import { mapperOf, onlyEntity, placeOf, resource } from "../support/mapping.ts";

const ann: JsonObject = { name: "ann", tags: ["a", "b"], n: 5, flag: false };

describe("an entity", () => {
  it.each<[string, string, string]>([
    ["null", "empty", "it gives nothing"],
    ['""', "empty", "it gives nothing"],
    ["empty", "empty", "it gives nothing"],
    [".name.x", "failing", 'it takes a field of a text, which has none: "?" behind it gives nothing instead'],
    ["{}", "failing", "it gives an object in place of a text"],
    ["[1]", "failing", "it gives a list in place of a text"],
  ])("is not made without an identifier or blueprint (%s)", async (expression, unidentified, reason) => {
    for (const name of ["identifier", "blueprint"]) {
      const [mapped] = (await mapperOf(resource({ [name]: expression }))).map("user", [ann]);
      const failed = [{ place: placeOf(name), expression, reason }];
      expect(mapped).toMatchObject({ entities: [], unidentified, failed });
    }
  });

  it("has texts for identifier and title, also where there is a number, and no title for null", async () => {
    const entity = onlyEntity(await mapperOf(resource({ identifier: ".n", title: ".flag" })), "user", ann);
    expect([entity.identifier, entity.title]).toEqual(["5", "false"]);
    const bare = onlyEntity(
      await mapperOf(resource({ title: "null", icon: ".x", team: "null" })),
      "user",
      ann,
    );
    expect(Object.keys(bare)).not.toEqual(expect.arrayContaining(["title"]));
    expect(["icon", "team"].filter((name) => name in bare)).toEqual([]);
  });

  it("has icon and team as they are mapped", async () => {
    const parts = { icon: '"User"', team: ".tags" };
    expect(onlyEntity(await mapperOf(resource(parts)), "user", ann)).toMatchObject({
      icon: "User",
      team: ["a", "b"],
    });
  });

  it.each<[string, Json]>([
    [".name", "ann"],
    [".n", "5"],
    ['""', null],
    ["null", null],
    ["[]", []],
    ['["a", null, "", 7]', ["a", "7"]],
  ])("has for a relation of %s just identifiers: %j", async (expression, value) => {
    const mapper = await mapperOf(resource({ relations: { r: expression } }));
    expect(onlyEntity(mapper, "user", ann).relations["r"]).toEqual(value);
  });

  it.each<[string, Json | undefined, string]>([
    ["{a: 1}", undefined, "it gives an object in place of an identifier"],
    ['["a", {}]', ["a"], "it gives a list with an object in place of an identifier, which is left out"],
    ['["a", ["x"]]', ["a"], "it gives a list with a list in place of an identifier, which is left out"],
  ])("names what can be no relation: %s", async (expression, value, reason) => {
    const mapper = await mapperOf(resource({ relations: { r: expression } }));
    const [mapped] = mapper.map("user", [ann]);
    expect(mapped?.entities[0]?.relations["r"]).toEqual(value);
    expect(mapped?.failed).toEqual([{ place: placeOf("relations.r"), expression, reason }]);
  });

  it.each<[string, Json]>([
    ["[null]", []],
    ['[null, "a", null, 1]', ["a", 1]],
    ["{a: [null]}", { a: [null] }],
    ["[[null]]", [[null]]],
    ["null", null],
  ])("has for a property of %s no list with null: %j", async (expression, value) => {
    const mapper = await mapperOf(resource({ properties: { p: expression } }));
    expect(onlyEntity(mapper, "user", ann).properties["p"]).toEqual(value);
  });

  it("of one resource is made although another gives none", async () => {
    const mapper = await mapperOf(
      resource({ identifier: ".x.y.z" }),
      resource({ identifier: ".name.x" }),
      resource({}),
    );
    const [mapped] = mapper.map("user", [ann]);
    expect(mapped).toMatchObject({ entities: [{ identifier: "ann" }], unidentified: "failing" });
    expect(mapped?.failed.map(({ place }) => place.slice(0, 12))).toEqual(["resources[0]", "resources[1]"]);
  });

  it("is made by each resource of its kind", async () => {
    const other = resource({ blueprint: '"c"', selector: '.name == "ann"' });
    const mapper = await mapperOf(resource({}), other, resource({ blueprint: '"d"' }, "project"));
    const made = mapper
      .map("user", [ann, { name: "bob" }])
      .map((it) => it.entities.map((entity) => entity.blueprint));
    expect(made).toEqual([["b", "c"], ["b"]]);
    expect(mapper.map("repository", [ann])).toEqual([{ entities: [], skipped: [], failed: [], cut: [] }]);
  });
});
