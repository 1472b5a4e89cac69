import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { portPath } from "../../lib/mapping/load.ts";
import { loadBlueprints } from "../../lib/port/blueprints.ts";

const folder = portPath("blueprints");
const temporary = mkdtempSync(join(tmpdir(), "blueprints-"));
afterAll(() => rmSync(temporary, { recursive: true }));

function propertiesOf(mapping: string, identifier: string): Record<string, string> {
  const blueprint = loadBlueprints(folder, mapping).find((it) => it.identifier === identifier);
  if (blueprint === undefined) throw new Error(`no blueprint ${identifier}`);
  const { properties } = blueprint["schema"] as {
    properties: Record<string, { type: string; format?: string }>;
  };
  return Object.fromEntries(
    Object.entries(properties).map(([name, { type, format }]) => [
      name,
      format === undefined ? type : `${type} ${format}`,
    ]),
  );
}

describe("the blueprints", () => {
  it("come in an order in which every relation's target is there before it is needed", () => {
    for (const mapping of ["default", "port-docs", "own.yml"]) {
      const seen = new Set<string>();
      for (const blueprint of loadBlueprints(folder, mapping)) {
        for (const { target } of Object.values(blueprint.relations)) expect(seen).toContain(target);
        seen.add(blueprint.identifier);
      }
      expect([...seen]).toEqual([
        "bitbucketProject",
        "bitbucketUser",
        "bitbucketRepository",
        "bitbucketPullrequest",
      ]);
    }
  });

  it("have the properties, types and relations that Port's guide gives them", () => {
    expect(propertiesOf("default", "bitbucketProject")).toEqual({
      public: "boolean",
      description: "string",
      type: "string",
      link: "string",
    });
    expect(propertiesOf("default", "bitbucketUser")).toEqual({ username: "string", url: "string" });
    expect(propertiesOf("default", "bitbucketRepository")).toEqual({
      forkable: "boolean",
      description: "string",
      public: "boolean",
      state: "string",
      link: "string",
      documentation: "string markdown",
      swagger_url: "string url",
    });
    const pullRequest = {
      created_on: "string date-time",
      updated_on: "string date-time",
      mergedAt: "string date-time",
      merge_commit: "string",
      description: "string",
      state: "string",
      owner: "string",
      link: "string",
      destination: "string",
      source: "string",
      reviewers: "array",
    };
    expect(propertiesOf("default", "bitbucketPullrequest")).toEqual(pullRequest);
    expect(propertiesOf("port-docs", "bitbucketPullrequest")).toEqual({
      ...pullRequest,
      participants: "array",
    });
    const relations = loadBlueprints(folder, "default").map((it) =>
      Object.entries(it.relations).map(([name, { target, many }]) => [name, target, many]),
    );
    expect(relations).toEqual([
      [],
      [],
      [
        ["project", "bitbucketProject", false],
        ["latestCommitAuthor", "bitbucketUser", false],
      ],
      [
        ["repository", "bitbucketRepository", false],
        ["participants", "bitbucketUser", true],
      ],
    ]);
  });

  it("of a mapping take the place of the common ones, file by file", () => {
    const files = ["project.json", "user.json", "repository.json", "pull-request.json"];
    for (const file of files) writeFileSync(join(temporary, file), JSON.stringify({ identifier: file }));
    mkdirSync(join(temporary, "own"));
    writeFileSync(join(temporary, "own", "user.json"), '{"identifier":"own user"}');
    const names = (mapping: string) => loadBlueprints(temporary, mapping).map((it) => it.identifier);
    expect(names("own")).toEqual(["project.json", "own user", "repository.json", "pull-request.json"]);
    expect(names("another")).toEqual(files);
    expect(names("./own")).toEqual(files);
    expect(names("../blueprints")).toEqual(files);
  });
});
