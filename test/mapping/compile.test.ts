import { describe, expect, it } from "vitest";
import { ConfigError } from "../../lib/errors.ts";
import type { Json, JsonObject } from "../../lib/json.ts";
import { mapperOf, resource } from "../support/mapping.ts";
import { rejection } from "../support/rejection.ts";

const inMappings = "resources[0].port.entity.mappings";

describe("an expression that is not valid jq", () => {
  async function compileFaults(...resources: JsonObject[]) {
    const error = await rejection(mapperOf(...resources));
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }

  it("is named with its path, and each of several", async () => {
    const bad = resource({
      selector: ".a ==",
      title: ".b |",
      properties: { p: "nope", q: ".q" },
      relations: { r: "{" },
    });
    const faults = await compileFaults(resource({}), bad);
    expect(faults.map((fault) => fault.split(": ")[0])).toEqual([
      "resources[1].selector.query",
      "resources[1].port.entity.mappings.title",
      "resources[1].port.entity.mappings.properties.p",
      "resources[1].port.entity.mappings.relations.r",
    ]);
    expect(faults[2]).toContain("nope/0 is not defined");
  });

  it.each<[string]>([
    [""],
    ["# nothing but a comment"],
    [".a)"],
    ["(.a"],
    [".a) | (.b"],
    [".a)) | {v: 1}, ((.b"],
    [".a; .b"],
    [".a; def g: .b"],
    ["1; def f: 2"],
    ["f"],
    ["f0"],
    ["f1"],
    ["$__prog_args"],
    ['"unfinished'],
    ['"\\(.a"'],
    ["try"],
    ["$undefined"],
    ["break $out"],
    ['include "a"; .x'],
  ])("cannot break out of its place: %j", async (expression) => {
    const faults = await compileFaults(resource({ properties: { p: expression, q: ".q" } }));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^resources\[0\]\.port\.entity\.mappings\.properties\.p: ./);
  });

  it("is one that calls what another one defines", async () => {
    const own = { p: "def mine: 1; mine", q: "mine" };
    const [fault, ...more] = await compileFaults(resource({ properties: own }));
    expect([fault?.split(": ")[0], more]).toEqual([`${inMappings}.properties.q`, []]);
  });
});

it("names of properties are names, whatever is in them", async () => {
  const names = ['a"b', "a\\(1)", "$x", "with space", "é", "__proto__x", "}"];
  const properties = Object.fromEntries(names.map((name) => [name, ".name"]));
  const [mapped] = (await mapperOf(resource({ properties }))).map("user", [{ name: "ann" }]);
  const expected: Record<string, Json> = Object.fromEntries(names.map((name) => [name, "ann"]));
  expect(mapped?.entities[0]?.properties).toEqual(expected);
});
