import { afterEach, describe, expect, it } from "vitest";
import {
  type PortSimulator,
  portDemoClientId,
  portDemoClientSecret,
  startPortSimulator,
} from "../../infra/local/simulators/port/server.ts";
import { portPath } from "../../lib/mapping/load.ts";
import { createBlueprintClient } from "../../lib/port/blueprint-client.ts";
import { extensionOf } from "../../lib/port/blueprint-extension.ts";
import { loadBlueprints } from "../../lib/port/blueprints.ts";
import { failureOf } from "../support/rejection.ts";

let port: PortSimulator;
afterEach(() => port?.close());

async function start(intercept?: Parameters<PortSimulator["setIntercept"]>[0]) {
  port = await startPortSimulator({ intercept });
  const config = { apiUrl: port.url, clientId: portDemoClientId, clientSecret: portDemoClientSecret };
  return createBlueprintClient(config, { maxWaitMs: 100, retries: 0 });
}
const schema = { properties: { a: { type: "string", title: "A" } }, required: [] };

describe("Port's data model", () => {
  it("is read, added to and changed part by part", async () => {
    const client = await start();
    expect(await client.read("one/two")).toBeUndefined();
    expect(await client.create({ identifier: "one/two", title: "One", icon: "Rocket", schema })).toBe(true);
    expect(await client.create({ identifier: "one/two", title: "Again", schema })).toBe(false);
    await client.change("one/two", { schema: { properties: { b: { type: "number" } } } });
    expect(await client.read("one/two")).toMatchObject({
      title: "One",
      icon: "Rocket",
      schema: { properties: { b: { type: "number" } } },
    });
  });

  it("says so when Port's answer is not understood", async () => {
    const client = await start(({ method }) =>
      method === "GET" ? { status: 200, body: { ok: true } } : undefined,
    );
    expect(await failureOf(client.read("one"))).toMatchObject({ code: "unexpected_answer" });
  });
});

describe("what a blueprint lacks", () => {
  const wanted = {
    identifier: "one",
    schema,
    relations: { r: { target: "two", many: false, required: false } },
  };

  it("is nothing in any of our own blueprints", () => {
    for (const mapping of ["default", "port-docs"]) {
      for (const blueprint of loadBlueprints(portPath("blueprints"), mapping)) {
        expect(extensionOf(blueprint, blueprint)).toEqual({ parts: undefined, conflicts: [] });
      }
    }
  });

  it("is everything in an empty one", () => {
    expect(extensionOf({ identifier: "one" }, wanted)).toEqual({
      parts: { schema: { properties: schema.properties }, relations: wanted.relations },
      conflicts: [],
    });
  });

  it("comes whole with what is there, in the parts that change only", () => {
    const existing = {
      schema: { properties: { a: { type: "string", format: "url" } }, required: ["a"] },
      relations: { own: { target: "x", many: true, required: false } },
    };
    expect(extensionOf(existing, wanted)).toEqual({
      parts: { relations: { ...existing.relations, ...wanted.relations } },
      conflicts: [],
    });
  });

  it.each(["mirrorProperties", "calculationProperties", "aggregationProperties"])(
    "is not added where %s have the name",
    (part) => {
      const existing = { schema: { properties: {} }, [part]: { a: {} }, relations: wanted.relations };
      expect(extensionOf(existing, wanted)).toEqual({
        parts: undefined,
        conflicts: ["one.a is a computed property"],
      });
    },
  );

  it("may be of another type, and is left", () => {
    const existing = {
      schema: { properties: { a: { type: "array", items: { type: "string" } } } },
      relations: { r: { target: "two", many: true } },
    };
    expect(extensionOf(existing, wanted)).toEqual({
      parts: undefined,
      conflicts: [
        "one.a is of type array of string instead of string",
        "one.r is a relation to many two instead of a relation to one two",
      ],
    });
  });
});
