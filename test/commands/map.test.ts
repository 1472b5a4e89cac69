import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startBitbucketSimulator } from "../../infra/local/simulators/bitbucket/server.ts";
import { startPortSimulator } from "../../infra/local/simulators/port/server.ts";
import type { Blueprint } from "../../infra/local/simulators/port/types.ts";
import { map } from "../../lib/commands/map-run.ts";
import { portPath } from "../../lib/mapping/load.ts";
import { loadBlueprints } from "../../lib/port/blueprints.ts";
import { makeFolder, runCommand, settingsFor } from "../support/command.ts";
import { event, project, pullRequest, repository, user } from "../support/payloads.ts";
import { rejection } from "../support/rejection.ts";

let folder: string;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}
/** In this process: one of its own takes ten times as long. */
async function inside(args: string[], env: Readonly<Record<string, string>> = {}) {
  let stdout = "";
  const code = await map(args, env, (text) => {
    stdout += text;
  });
  return { code, stdout };
}

interface Shown {
  readonly mapping: string;
  readonly objects: readonly {
    readonly file: string;
    readonly kind: string;
    readonly entities: readonly { readonly blueprint: string; readonly identifier: string }[];
    readonly skipped: readonly { readonly place: string; readonly reason: string }[];
    readonly faults: readonly {
      readonly place: string;
      readonly message: string;
      readonly expression?: string;
    }[];
  }[];
  readonly faults: readonly { readonly place: string; readonly message: string }[];
}
async function mapJson(...args: string[]) {
  const { code, stdout } = await inside([...args, "--json"]);
  return { code, shown: JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Shown };
}
const mapping = (...resources: readonly object[]) => write("mine.yml", { resources });
const resource = (kind: string, mappings: object, selector?: object) => ({
  kind,
  ...(selector && { selector }),
  port: { entity: { mappings: { identifier: ".name", blueprint: '"bitbucketUser"', ...mappings } } },
});
const at = (name: string, index = 0) => `resources[${index}].port.entity.mappings.${name}`;

test("without any file and setting it shows what the default mapping makes of a sample", async () => {
  // As in a fresh clone, from wherever it is called.
  const { code, stdout, stderr } = await runCommand("map", [], { cwd: folder });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("mapping: default");
  expect(stdout).toContain('bitbucketPullrequest "MOPP/data-analyses/2"');
  expect(stdout).toMatch(/^ {4}state +"MERGED"$/m);
  expect(stdout).toMatch(/^ {4}-> repository +"MOPP\/data-analyses"$/m);
  expect(stdout).toContain('bitbucketProject "MOPP"');
});

test("a delivery, an object of each kind, a page and a list are understood", async () => {
  const opened = event("pr:opened", { pullRequest: pullRequest(1) });
  const files = [
    write("delivery.json", opened),
    write("wrapped.json", { headers: {}, body: opened }),
    write("pull.json", pullRequest(2)),
    write("repository.json", repository("PRJ", "app")),
    write("project.json", project("PRJ")),
    write("user.json", user("dan")),
    write("page.json", { isLastPage: true, values: [pullRequest(3), pullRequest(4)] }),
    write("list.json", [user("eve"), project("PRJ")]),
    write("ping.json", event("repo:secret_detected", {})),
    write("gone.json", event("pr:deleted", { pullRequest: pullRequest(5) })),
  ];
  const { code, shown } = await mapJson(...files);
  expect(code).toBe(0);
  const made = (file: string) =>
    shown.objects
      .filter((it) => it.file === join(folder, file))
      .flatMap(({ entities }) => entities.map(({ identifier }) => identifier));
  const people = ["ann@example.org", "bob@example.org", "cid@example.org"];
  expect(made("delivery.json").slice(0, 3)).toEqual(["PRJ/app/1", "PRJ/app", "PRJ"]);
  expect(made("delivery.json").slice(3).toSorted()).toEqual(people);
  expect(made("wrapped.json")).toEqual(made("delivery.json"));
  expect(made("pull.json").slice(0, 3)).toEqual(["PRJ/app/2", "PRJ/app", "PRJ"]);
  expect(made("repository.json")).toEqual(["PRJ/app", "PRJ"]);
  expect([made("project.json"), made("user.json")]).toEqual([["PRJ"], ["dan@example.org"]]);
  expect(made("page.json")).toEqual(expect.arrayContaining(["PRJ/app/3", "PRJ/app/4"]));
  expect(made("list.json")).toEqual(["eve@example.org", "PRJ"]);
  expect([made("ping.json"), made("gone.json")]).toEqual([[], []]);
});

describe("what is wrong", () => {
  const name = "secret value";
  const person = { name, slug: "s", emailAddress: "s@example.org", n: 5, tags: [null, "a"] };
  test.each<[string, object, string, RegExp]>([
    ["an expression that fails", { title: ".name.first" }, "title", /a text.*"\?"/],
    ["an identifier that fails", { identifier: ".name | tonumber" }, "identifier", /a number of a text/],
    [
      "an unknown property",
      { properties: { age: ".n" } },
      "properties.age",
      /is no property of the blueprint "bitbucketUser"/,
    ],
    [
      "an unknown relation",
      { relations: { boss: ".name" } },
      "relations.boss",
      /is no relation of the blueprint/,
    ],
    ["a relation for a property", { relations: { url: ".name" } }, "relations.url", /but a property/],
    ["a wrong type", { properties: { url: ".tags" } }, "properties.url", /has to be a text, and is a list/],
    ["nothing that is required", { properties: { url: ".name" } }, "properties.username", /is required/],
  ])("%s is told with its place, expression and types", async (_, mappings, place, words) => {
    const properties = { username: ".name", ...(mappings as { properties?: object }).properties };
    const isMissing = place === "properties.username";
    const own = { ...mappings, properties: isMissing ? { url: ".name" } : properties };
    const { code, shown } = await mapJson(
      "--mapping",
      mapping(resource("user", own)),
      write("user.json", person),
    );
    expect(code).toBe(1);
    const faults = shown.objects.flatMap((object) => object.faults);
    expect(faults).toMatchObject([{ place: at(place), message: expect.stringMatching(words) }]);
    expect(JSON.stringify(faults)).not.toContain(name);
    const text = (await inside(["--mapping", join(folder, "mine.yml"), join(folder, "user.json")])).stdout;
    expect(text).toContain(`! ${at(place)}: ${faults[0]?.message}`);
  });

  test("enum, date and one against many are told by the blueprint that setup makes", async () => {
    const own = {
      blueprint: '"bitbucketPullrequest"',
      identifier: ".id | tostring",
      properties: { state: '"DONE"', created_on: '"yesterday"', updated_on: ".createdDate" },
      relations: { repository: '["a", "b"]', participants: '"ann"' },
    };
    const { code, shown } = await mapJson(
      "--mapping",
      mapping(resource("pull-request", own)),
      write("pull.json", pullRequest(1)),
    );
    expect(code).toBe(1);
    const [pull] = shown.objects.filter(({ kind }) => kind === "pull-request");
    expect(pull?.faults.map(({ place, message }) => [place, message])).toEqual([
      [
        at("properties.state"),
        "it is none of the values that the blueprint allows: OPEN, MERGED, DECLINED, SUPERSEDED",
      ],
      [at("properties.created_on"), expect.stringContaining("a date and time with its zone")],
      [at("properties.updated_on"), expect.stringContaining("a date and time with its zone")],
      [at("relations.repository"), "it is a list: the blueprint's relation leads to one"],
    ]);
    // One identifier is a list of one there.
    expect(pull?.entities[0]).toMatchObject({ relations: { participants: ["ann"] } });
  });

  test("a mapping that does not compile is told by its places, and nothing is mapped", async () => {
    const { code, shown } = await mapJson(
      "--mapping",
      mapping(resource("user", { title: ".name |", nothing: ".x" })),
    );
    expect(code).toBe(1);
    expect(shown).toMatchObject({ mapping: join(folder, "mine.yml"), objects: [] });
    expect(shown.faults).toEqual([
      { place: "resources[0].port.entity.mappings", message: "does not know nothing" },
    ]);
    const typo = await mapJson("--mapping", mapping(resource("user", { title: ".name |" })));
    expect(typo.shown.faults).toEqual([
      { place: at("title"), message: expect.stringContaining("syntax error") },
    ]);
  });

  test("what a selector leaves out is named, and no fault; one that gives no boolean is one", async () => {
    const file = write("user.json", person);
    const left = await mapJson("--mapping", mapping(resource("user", {}, { query: ".n > 5" })), file);
    expect(left.code).toBe(0);
    const selector = "resources[0].selector.query";
    expect(left.shown.objects).toMatchObject([
      { entities: [], skipped: [{ place: selector, reason: "its selector says no" }], faults: [] },
    ]);
    const odd = await mapJson("--mapping", mapping(resource("user", {}, { query: ".n" })), file);
    expect(odd.code).toBe(1);
    expect(odd.shown.objects).toMatchObject([
      {
        entities: [],
        faults: [{ place: selector, expression: ".n", message: expect.stringContaining("a number") }],
      },
    ]);
  });

  test("a user without an identifier is left out, as people without an address are", async () => {
    const file = write("user.json", { ...person, emailAddress: null });
    const own = resource("user", { identifier: ".emailAddress" });
    const { code, shown } = await mapJson("--mapping", mapping(own), file);
    expect(code).toBe(0);
    expect(shown.objects).toMatchObject([
      { entities: [], skipped: [{ place: at("identifier"), reason: "it gives nothing" }], faults: [] },
    ]);
  });

  test("what is no object of Bitbucket's is told by its file", async () => {
    const { code, shown } = await mapJson(write("odd.json", { hello: 1 }));
    expect(code).toBe(1);
    expect(shown.faults).toMatchObject([
      { place: join(folder, "odd.json"), message: expect.stringContaining("neither a delivery") },
    ]);
  });
});

test.each([
  [["nothing.json"], "nothing.json cannot be read"],
  [["--mapping", "nothing.yml"], "there is no mapping nothing.yml"],
  [["--from", "A/b/c"], "--from is none of"],
  [["--from", ""], "--from is none of"],
  [["--unknown"], "--unknown"],
])("a wrong call is refused: %j", async (args, words) => {
  expect(String(await rejection(inside(args)))).toContain(words);
});

test("a wrong call ends with 2, and says how to call it", async () => {
  const { code, stderr } = await runCommand("map", ["--from", "A/b/c"], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toContain("--from is none of");
  expect(stderr).toContain("npm run map");
});

test.each([
  ["--check", "PORT_CLIENT_ID"],
  ["--from=PRJ/app", "BITBUCKET_HOST"],
])("%s wants credentials, and no others", async (flag, name) => {
  const message = String(await rejection(inside([flag])));
  expect(message).toContain(name);
  expect(message).not.toContain(name.startsWith("PORT") ? "BITBUCKET_" : "PORT_CLIENT");
});

describe("with both sides", () => {
  let bitbucket: Awaited<ReturnType<typeof startBitbucketSimulator>>;
  let port: Awaited<ReturnType<typeof startPortSimulator>>;
  beforeEach(async () => {
    const blueprints = loadBlueprints(portPath("blueprints"), "default") as unknown as Blueprint[];
    bitbucket = await startBitbucketSimulator();
    port = await startPortSimulator({ blueprints });
  });
  afterEach(async () => {
    await Promise.all([bitbucket.close(), port.close()]);
  });
  async function run(...args: string[]) {
    const { code, stdout } = await inside([...args, "--json"], settingsFor(bitbucket, port));
    return { code, shown: JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Shown };
  }

  test.each([
    ["MOPP", "MOPP"],
    ["MOPP/data-analyses", "MOPP/data-analyses"],
    ["MOPP/data-analyses/2", "MOPP/data-analyses/2"],
  ])("%s is read from Bitbucket, with all that the mapping uses of it", async (from, identifier) => {
    const { code, shown } = await run("--from", from);
    expect(code).toBe(0);
    const [entity] = shown.objects[0]?.entities ?? [];
    expect(entity?.identifier).toBe(identifier);
    if (from === "MOPP/data-analyses")
      expect(entity).toMatchObject({
        properties: { documentation: expect.stringContaining("# data analyses") },
        relations: { latestCommitAuthor: expect.stringContaining("@example.org") },
      });
    expect(port.calls).toEqual([]);
  });

  test("what is not in Bitbucket is told", async () => {
    const { code, shown } = await run("--from", "MOPP/nothing");
    expect(code).toBe(1);
    expect(shown.faults).toEqual([
      { place: "--from MOPP/nothing", message: "Bitbucket has no such repository" },
    ]);
  });

  test("what comes out is held against the blueprints in Port, and nothing is written there", async () => {
    const file = write("pull.json", pullRequest(1));
    expect((await run("--check", file)).code).toBe(0);
    for (const blueprint of port.blueprints()) {
      if (blueprint.identifier !== "bitbucketPullrequest") continue;
      const { owner: _owner, ...properties } = blueprint.schema.properties;
      port.setBlueprint({
        ...blueprint,
        schema: { ...blueprint.schema, properties: { ...properties, state: { type: "number" } } },
      });
    }
    const { code, shown } = await run("--check", file);
    expect(code).toBe(1);
    expect(
      shown.objects.flatMap(({ faults }) => faults).map(({ place, message }) => [place, message]),
    ).toEqual([
      [at("properties.owner", 3), 'it is no property of the blueprint "bitbucketPullrequest"'],
      [at("properties.state", 3), "it has to be a number, and is a text"],
    ]);
    expect(port.calls.filter(({ method }) => method !== "GET").map(({ path }) => path)).toEqual(
      expect.arrayContaining(["/v1/auth/access_token"]),
    );
    expect(port.entities("bitbucketPullrequest")).toEqual([]);
  });

  test("a blueprint that Port does not have is said once, with the cure", async () => {
    await port.close();
    port = await startPortSimulator({ blueprints: [] });
    const { code, shown } = await run("--check", "--mapping", "default");
    expect(code).toBe(1);
    expect(shown.faults).toHaveLength(4);
    expect(shown.faults[0]?.message).toContain("npm run setup");
  });
});
