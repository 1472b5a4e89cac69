import { describe, expect, it } from "vitest";
import { mapperOf, onlyEntity, resource } from "../support/mapping.ts";

describe("the roles of properties", () => {
  const rolesOf = async (properties: Record<string, string>) =>
    onlyEntity(await mapperOf(resource({ properties })), "user", { name: "ann" }).roles;

  it("are told by what their expressions read", async () => {
    const properties = {
      at: ".createdDate | values | todate",
      changed: ".updatedDate | values | . / 1000 | todate",
      url: " .links.self[0].href",
      status: " .state ",
    };
    expect(await rolesOf(properties)).toEqual({
      version: "changed",
      created: "at",
      link: "url",
      state: "status",
    });
  });

  it("are not taken by expressions that mix dates or work on the value", async () => {
    const properties = {
      merged: ".closedDate // .updatedDate",
      age: "(.updatedDate // 0) - (.createdDate // 0)",
      other: ".updatedDateText",
      state: ".state | tostring",
      link: '"see \\(.links.self)"',
      elsewhere: ".toRef.repository.links.self[0]?.href",
    };
    expect(await rolesOf(properties)).toEqual({});
  });
});

const mapper = await mapperOf(
  resource({
    properties: { url: ".links.self[0].href", text: ".__readme", name: ".name" },
    relations: { by: ".__latestCommit.author.name" },
  }),
);

describe("a property that not every source shows", () => {
  it("is left as it is when the object does not have its field", () => {
    const entity = onlyEntity(mapper, "user", { name: "ann" });
    expect([entity.properties, entity.relations]).toEqual([{ name: "ann" }, {}]);
  });

  it("is cleared when the object says that there is none", () => {
    const entity = onlyEntity(mapper, "user", { name: "ann", __readme: null, __latestCommit: null });
    expect([entity.properties, entity.relations]).toEqual([{ text: null, name: "ann" }, { by: null }]);
  });

  it("is one of those that were looked up, or not", () => {
    expect(onlyEntity(mapper, "user", { name: "ann" }).enriched).toEqual(["text", "by"]);
  });
});

describe("a mapper", () => {
  it("knows its name, the fields it sets and the ones it reads", async () => {
    const mapper = await mapperOf(
      resource({ properties: { a: ".x", b: ".y" }, relations: { c: ".z" } }),
      resource({ properties: { a: ".w" }, title: ".title", selector: ".active" }),
    );
    expect(mapper.name).toBe("own.yml");
    expect(mapper.fields("user")).toEqual(["a", "b", "c"]);
    expect(["x", "z", "w", "title", "active", "name"].map((it) => mapper.reads("user", it))).toEqual(
      Array(6).fill(true),
    );
    expect(["xx", "activ", "a"].map((it) => mapper.reads("user", it))).toEqual([false, false, false]);
    expect([mapper.fields("project"), mapper.reads("project", "x")]).toEqual([[], false]);
  });
});
