import { describe, expect, it } from "vitest";
import type { Kind } from "../../lib/bitbucket/objects.ts";
import type { Json, JsonObject } from "../../lib/json.ts";
import { loadMapper, portPath } from "../../lib/mapping/load.ts";
import type { MappedEntity } from "../../lib/mapping/result.ts";
import { type Blueprint, loadBlueprints } from "../../lib/port/blueprints.ts";
import { mergedPullRequest, mergedRepository } from "../support/merged-event.ts";
import { project, pullRequest, repository, user } from "../support/payloads.ts";

const tip = { __readme: "# App", __latestCommit: { author: user("ann") } };
const objects: [Kind, JsonObject][] = [
  ["project", project("PRJ")],
  ["project", { key: "~ann", type: "PERSONAL", name: "Ann" }],
  ["user", user("ann")],
  ["user", user("svc", { mail: false })],
  ["user", { emailAddress: "ann@example.org" }],
  ["repository", mergedRepository],
  ["repository", { ...repository("PRJ", "app"), ...tip, description: null }],
  ["repository", { slug: "app", project: { key: "PRJ" }, __readme: null, __latestCommit: null }],
  ["pull-request", mergedPullRequest],
  ["pull-request", pullRequest(1, { state: "DECLINED", closedDate: 1, participants: null })],
  ["pull-request", pullRequest(2, { author: null, reviewers: [null], fromRef: null, links: null })],
  ["pull-request", pullRequest(3, { createdDate: 1_000, updatedDate: 1_999, description: null })],
];

interface Property {
  readonly type: string;
  readonly format?: string;
  readonly enum?: readonly string[];
}

/** Whether a value is what a blueprint's property takes; null clears it. */
function fits(value: Json | undefined, { type, format, enum: values }: Property): boolean {
  if (value === null) return true;
  if (type === "array") return Array.isArray(value) && value.every((item) => typeof item === "string");
  if (typeof value !== type) return false;
  if (format === "date-time") return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(String(value));
  return values === undefined || values.includes(String(value));
}

function misfits(entity: MappedEntity, blueprint: Blueprint | undefined): string[] {
  if (blueprint === undefined) return [`no blueprint ${entity.blueprint}`];
  const schema = blueprint["schema"] as unknown as {
    properties: Record<string, Property>;
    required: string[];
  };
  const properties = Object.entries(entity.properties).filter(([name, value]) => {
    const property = schema.properties[name];
    return property === undefined || !fits(value, property);
  });
  const relations = Object.entries(entity.relations).filter(([name, value]) => {
    const relation = blueprint.relations[name];
    const single = value === null || typeof value === "string";
    return relation === undefined || relation.many === single;
  });
  const missing = schema.required.filter((name) => typeof entity.properties[name] !== "string");
  return [...properties, ...relations].map(([name]) => name).concat(missing);
}

describe.each(["default", "port-docs"])("every value of the %s mapping", (name) => {
  const blueprints = loadBlueprints(portPath("blueprints"), name);

  it.each(objects)("of a %s fits its blueprint (%#)", async (kind, object) => {
    const mapper = await loadMapper(name);
    const [mapped] = mapper.map(kind, [object]);
    const entities = mapped?.entities ?? [];
    const found = entities.map((entity) =>
      misfits(
        entity,
        blueprints.find((it) => it.identifier === entity.blueprint),
      ),
    );
    const wellKnown = name === "default" || "name" in object || kind !== "user";
    expect(found).toEqual([wellKnown ? [] : ["username"]]);
    expect(mapped?.failed).toEqual([]);
  });

  it("has a property or relation of its blueprint for its name", async () => {
    const mapper = await loadMapper(name);
    for (const kind of ["project", "user", "repository", "pull-request"]) {
      const blueprint = blueprints.find((it) => it.identifier.toLowerCase().endsWith(kind.replace("-", "")));
      const schema = blueprint?.["schema"] as unknown as { properties: object } | undefined;
      const known = [...Object.keys(schema?.properties ?? {}), ...Object.keys(blueprint?.relations ?? {})];
      expect(known).toEqual(expect.arrayContaining([...mapper.fields(kind)]));
      expect(mapper.fields(kind).length).toBeGreaterThan(0);
    }
  });
});
