import { describe, expect, it } from "vitest";
import type { ConfigError } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { createMapper } from "../../lib/mapping/mapper.ts";
import { parseMapping, parseMappingFile } from "../../lib/mapping/schema.ts";
import { mapperOf, resource } from "../support/mapping.ts";
import { project, pullRequest, repository, user } from "../support/payloads.ts";

const withSelector = (selector: object, kind = "project", mappings = {}): JsonObject => ({
  ...resource({ identifier: '"it"', ...mappings }, kind),
  selector: selector as JsonObject,
});

describe("an option at the top of the file", () => {
  const notesOf = (options: object) =>
    parseMappingFile(JSON.stringify({ ...options, resources: [resource({})] }), "own.yml").notes;

  it("that does what its name says is not worth a word", () => {
    const options = {
      createMissingRelatedEntities: true,
      deleteDependentEntities: false,
      enableMergeEntity: true,
    };
    expect(notesOf(options)).toEqual([]);
  });

  it.each([
    [{ createMissingRelatedEntities: false }, /createMissingRelatedEntities: .* is made here in any case/],
    [{ deleteDependentEntities: true }, /deleteDependentEntities: .* never deleted here/],
    [{ enableMergeEntity: false }, /enableMergeEntity: .* always stays as it is here/],
    [{ entityDeletionThreshold: 0.9 }, /entityDeletionThreshold: .*MAX_DELETE_PERCENT/],
    [{ constructor: 1 }, /constructor: is not known here/],
  ])("that means something else here is told in words: %j", (options, words) => {
    expect(notesOf(options)).toEqual([expect.stringMatching(words)]);
  });
});

describe("a selector", () => {
  const objects: readonly [string, JsonObject][] = [
    ["project", project("PRJ")],
    ["repository", repository("PRJ", "app")],
    ["pull-request", pullRequest(1)],
  ];
  it.each<[object, boolean]>([
    [{ projects: ["PRJ"] }, true],
    [{ projects: ["OTHER", "prj"] }, true],
    [{ projects: ["OTHER"] }, false],
    [{ projects: [] }, true],
    [{ projects: null, projectFilterRegex: null }, true],
    [{ projectFilterRegex: "^P.*J$" }, true],
    [{ projectFilterRegex: "PR" }, true],
    [{ projectFilterRegex: "RJ" }, false],
    [{ projectFilterRegex: ".*-PROD$" }, false],
    [{ projectFilterRegex: "X|.*J" }, true],
    [{ projects: ["PRJ"], projectFilterRegex: "X" }, false],
    [{ projects: ["PRJ"], query: "false" }, false],
    [{}, true],
  ])("of %j takes what lies in a project: %j", async (selector, taken) => {
    for (const [kind, object] of objects) {
      const mapper = await mapperOf(withSelector(selector, kind));
      const [mapped] = mapper.map(kind, [object]);
      expect(mapped?.entities).toHaveLength(taken ? 1 : 0);
      expect(mapped?.failed).toEqual([]);
      const place = "query" in selector ? "resources[0].selector.query" : "resources[0].selector.projects";
      expect(mapped?.skipped).toEqual(taken ? [] : [place]);
      // What it is called when it is gone does not depend on it.
      expect(mapper.map(kind, [object], false)[0]?.entities).toHaveLength(1);
    }
  });

  it("of projects leaves users alone, who lie in none", async () => {
    const mapper = await mapperOf(withSelector({ projects: ["OTHER"] }, "user"));
    expect(mapper.map("user", [user("ann")])[0]?.entities).toHaveLength(1);
  });

  it.each([
    [["OPEN"], "OPEN"],
    [[undefined], "OPEN"],
    [["MERGED", "MERGED"], "MERGED"],
    [["OPEN", "MERGED"], "ALL"],
    [[undefined, "DECLINED"], "ALL"],
    [["ALL", "OPEN"], "ALL"],
    [[], "OPEN"],
  ] as const)("says which pull requests are imported: of %j all that are %s", async (states, wanted) => {
    const own = states.map((state) => withSelector(state === undefined ? {} : { state }, "pull-request"));
    expect((await mapperOf(resource({}), ...own)).pullRequestState).toBe(wanted);
  });

  it("that cannot be meant is named with its place", () => {
    const faulty = { projects: "PRJ", projectFilterRegex: "(", state: "open", pattern: 1 };
    try {
      parseMapping(JSON.stringify({ resources: [withSelector(faulty)] }), "own.yml");
      expect.unreachable();
    } catch (error) {
      expect((error as ConfigError).faults.map((fault) => fault.split(":")[0])).toEqual([
        "resources[0].selector.projects",
        "resources[0].selector.projectFilterRegex",
        "resources[0].selector.state",
        "resources[0].selector",
      ]);
    }
  });
});

describe("itemsToParse", () => {
  const own = (itemsToParse: string, mappings: object = {}): JsonObject => {
    const { kind, port } = resource({ identifier: ".item.name", ...mappings }) as unknown as {
      kind: string;
      port: JsonObject;
    };
    return { kind, port: { itemsToParse, ...port } };
  };
  const team = { name: "t", members: [{ name: "a" }, { name: "b", of: 1 }], nobody: null };

  it("makes an entity of each item, which sees the whole object, beside those of other resources", async () => {
    const mapper = await mapperOf(
      own(".members", { properties: { team: ".name", of: ".item.of" } }),
      resource({}),
    );
    const [mapped, none] = mapper.map("user", [team, { name: "u", members: [] }]);
    expect(mapped?.entities.map(({ identifier, properties }) => [identifier, properties])).toEqual([
      ["a", { team: "t", of: null }],
      ["b", { team: "t", of: 1 }],
      ["t", {}],
    ]);
    expect(none?.entities.map(({ identifier }) => identifier)).toEqual(["u"]);
    expect([mapped?.failed, none?.failed]).toEqual([[], []]);
  });

  it("may be nothing, and has to be a list else", async () => {
    const [nothing] = (await mapperOf(own(".nobody"))).map("user", [team]);
    expect(nothing).toMatchObject({ entities: [], failed: [] });
    for (const [expression, reason] of [
      [".name", "it gives a text in place of a list"],
      [".name.x", 'it takes a field of a text, which has none: "?" behind it gives nothing instead'],
    ] as const) {
      const [mapped] = (await mapperOf(own(expression), resource({}))).map("user", [team]);
      expect(mapped?.failed).toEqual([{ place: "resources[0].port.itemsToParse", expression, reason }]);
      expect(mapped?.entities).toHaveLength(1);
    }
  });

  it("an item that has no identifier costs itself alone", async () => {
    const [mapped] = (await mapperOf(own(".members", { identifier: ".item.of | tostring + .x.y.z" }))).map(
      "user",
      [team],
    );
    expect(mapped?.failed.length).toBeGreaterThan(0);
    const [some] = (await mapperOf(own(".members", { identifier: ".item.of" }))).map("user", [team]);
    expect(some?.entities.map(({ identifier }) => identifier)).toEqual(["1"]);
  });

  it("is told by its place when it does not compile", async () => {
    await expect(mapperOf(own(".members[")).catch((error: ConfigError) => error.faults)).resolves.toEqual([
      expect.stringMatching(/^resources\[0\]\.port\.itemsToParse: /),
    ]);
  });
});

it("a mapping tells its notes with its name", async () => {
  const mapper = await createMapper(parseMapping(JSON.stringify({ resources: [resource({})] }), "m"), "m", {
    notes: ["one"],
  });
  expect(mapper.notes).toEqual(["one"]);
});
