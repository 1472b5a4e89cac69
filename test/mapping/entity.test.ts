import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../lib/json.ts";
import { mapperOf, onlyEntity, resource } from "../support/mapping.ts";

const ann: JsonObject = { name: "ann", tags: ["a", "b"], n: 5, flag: false };

describe("an entity", () => {
  it.each<[string]>([["null"], ['""'], ["empty"], [".name.x"], ["{}"], ["[1]"]])(
    "is not made without an identifier or blueprint (%s)",
    async (expression) => {
      for (const parts of [{ identifier: expression }, { blueprint: expression }]) {
        const [mapped] = (await mapperOf(resource(parts))).map("user", [ann]);
        expect(mapped).toMatchObject({ entities: [], unidentified: true });
      }
    },
  );

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
    ["{a: 1}", null],
    ["[]", []],
    ['["a", null, "", 7, {}, ["x"]]', ["a", "7"]],
  ])("has for a relation of %s just identifiers: %j", async (expression, value) => {
    const mapper = await mapperOf(resource({ relations: { r: expression } }));
    expect(onlyEntity(mapper, "user", ann).relations["r"]).toEqual(value);
  });

  it("is made by each resource of its kind", async () => {
    const other = resource({ blueprint: '"c"', selector: '.name == "ann"' });
    const mapper = await mapperOf(resource({}), other, resource({ blueprint: '"d"' }, "project"));
    const made = mapper
      .map("user", [ann, { name: "bob" }])
      .map((it) => it.entities.map((entity) => entity.blueprint));
    expect(made).toEqual([["b", "c"], ["b"]]);
    expect(mapper.map("repository", [ann])).toEqual([
      { entities: [], unidentified: false, failed: [], cut: [] },
    ]);
  });
});
