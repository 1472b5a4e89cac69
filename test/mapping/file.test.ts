import { describe, expect, it } from "vitest";
import { ConfigError } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { parseMapping } from "../../lib/mapping/schema.ts";
import { resource } from "../support/mapping.ts";

function faultsOf(text: string | JsonObject): readonly string[] {
  try {
    parseMapping(typeof text === "string" ? text : JSON.stringify(text), "own.yml");
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).toContain("own.yml");
    return error.faults;
  }
  return [];
}
const inMappings = "resources[0].port.entity.mappings";

describe("a mapping file", () => {
  it("is taken in the form that Port users write", () => {
    const text = `
createMissingRelatedEntities: true
resources:
  - kind: pull-request
    selector:
      query: 'true' # all
    port:
      entity:
        mappings:
          identifier: .id | tostring
          blueprint: '"service"'
          properties: { state: .state }
          relations:
            repository: >-
              .toRef.repository
              | .slug
`;
    const [only] = parseMapping(text, "own.yml");
    expect(only?.port.entity.mappings).toEqual({
      identifier: ".id | tostring",
      blueprint: '"service"',
      properties: { state: ".state" },
      relations: { repository: ".toRef.repository | .slug" },
    });
  });

  it("may leave properties and relations empty, as YAML does it", () => {
    const mappings = { properties: null, relations: null };
    expect(faultsOf({ resources: [resource(mappings as never)] })).toEqual([]);
    expect(faultsOf({ resources: [resource({})] })).toEqual([]);
  });

  it("has each fault named with its path", () => {
    const faulty = {
      resources: [
        resource({}),
        { kind: "issue", selector: { query: true }, port: { entity: { mappings: { blueprint: 5 } } } },
        resource({ properties: { a: 1, b: ".b", c: null } as never, relations: { d: [] } as never }),
      ],
    };
    const jq = "has to be a jq expression, as a string";
    expect(faultsOf(faulty)).toEqual([
      "resources[1].kind: is none of project, repository, pull-request, user",
      `resources[1].selector.query: ${jq}`,
      `resources[1].port.entity.mappings.identifier: ${jq}`,
      `resources[1].port.entity.mappings.blueprint: ${jq}`,
      `resources[2].port.entity.mappings.properties.a: ${jq}`,
      `resources[2].port.entity.mappings.properties.c: ${jq}`,
      `resources[2].port.entity.mappings.relations.d: ${jq}`,
    ]);
  });

  it("has the names told that it should not have, typing errors for the most part", () => {
    const misspelt = resource({ propertys: { a: ".a" } } as never);
    const [fault, ...more] = faultsOf({ resources: [misspelt] });
    expect(more).toEqual([]);
    expect(fault).toContain(inMappings);
    expect(fault).toContain("propertys");
  });

  it.each<[string, string, RegExp]>([
    ["empty", "", /^the file: /],
    ["a list", "- kind: user", /^the file: /],
    ["without resources", "mappings: []", /^resources: /],
    ["with no resource", "resources: []", /^resources: is empty$/],
    ["with a resource that is none", "resources: [x]", /^resources\[0\]: /],
    ["with nothing in a resource", "resources: [{kind: user}]", /^resources\[0\]\.port: /],
    ["that is no YAML", "resources: [", /line 1/],
    ["of two documents", "a: 1\n---\nb: 2", /multiple documents/],
  ])("%s is a fault", (_, text, fault) => {
    const faults = faultsOf(text);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
  });
});
