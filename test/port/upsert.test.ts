import { afterEach, describe, expect, it } from "vitest";
import type { Entity } from "../../lib/port/entity.ts";
import { project, type SimulatedPort, startSimulatedPort } from "../support/port-client.ts";
import { failureOf } from "../support/rejection.ts";

let simulated: SimulatedPort;
afterEach(() => simulated.port.close());

const user = (identifier: string, properties: Entity["properties"]): Entity => ({
  identifier,
  blueprint: "bitbucketUser",
  properties,
  relations: {},
});
const repository = (identifier: string, of: string): Entity => ({
  identifier,
  blueprint: "bitbucketRepository",
  properties: {},
  relations: { project: of },
});

describe("an upsert", () => {
  it("writes entities and says which ones are new", async () => {
    simulated = await startSimulatedPort();
    const { client, port } = simulated;
    expect(await client.upsert("bitbucketProject", [project("A")], false)).toEqual([
      { ok: true, created: true },
    ]);
    const both = [project("A", { public: true }), project("B")];
    expect(await client.upsert("bitbucketProject", both, false)).toEqual([
      { ok: true, created: false },
      { ok: true, created: true },
    ]);
    expect(port.entities("bitbucketProject").map((it) => it.identifier)).toEqual(["A", "B"]);
  });

  it("keeps what is not sent", async () => {
    simulated = await startSimulatedPort();
    const { client, port } = simulated;
    port.put("bitbucketProject", project("A", { type: "NORMAL", description: "old" }));
    await client.upsert("bitbucketProject", [project("A", { description: null, link: "l" })], false);
    const entity = port.entity("bitbucketProject", "A");
    expect(entity?.properties).toEqual({ type: "NORMAL", link: "l" });
  });

  it("tells the fate of each entity by its place", async () => {
    simulated = await startSimulatedPort();
    const entities = [
      user("ann", { username: "ann" }),
      user("~bob", { username: "bob" }),
      user("cid", { username: 5 }),
      user("dan", { username: "dan" }),
    ];
    simulated.port.setIntercept((call) =>
      call.path.endsWith("/bulk")
        ? {
            status: 207,
            body: {
              ok: false,
              entities: [
                { identifier: "dan", index: 3, created: true },
                { identifier: "ann", index: 0, created: false },
              ],
              errors: [
                { identifier: "cid", index: 2, statusCode: 422, error: "invalid_request", message: "5?" },
              ],
            },
          }
        : undefined,
    );
    expect(await simulated.client.upsert("bitbucketUser", entities, false)).toEqual([
      { ok: true, created: false },
      { ok: false, status: undefined, code: "not_mentioned" },
      { ok: false, status: 422, code: "invalid_request" },
      { ok: true, created: true },
    ]);
  });

  it("of twenty with one that the blueprint does not allow writes the nineteen", async () => {
    simulated = await startSimulatedPort();
    const entities = Array.from({ length: 20 }, (_, index) =>
      user(`u${index}`, { username: index === 7 ? 7 : `u${index}` }),
    );
    const results = await simulated.client.upsert("bitbucketUser", entities, false);
    expect(results.map((it) => it.ok)).toEqual(entities.map((_, index) => index !== 7));
    expect(results[7]).toMatchObject({ status: 422 });
    expect(simulated.port.entities("bitbucketUser")).toHaveLength(19);
  });

  it("fails as a whole when Port refuses it as a whole", async () => {
    simulated = await startSimulatedPort({ schemaErrors: "whole-call" });
    const entities = [user("ann", { username: "ann" }), user("bob", { username: 5 })];
    const failure = await failureOf(simulated.client.upsert("bitbucketUser", entities, false));
    expect(failure).toMatchObject({
      operation: "POST /blueprints/{blueprint}/entities/bulk",
      status: 422,
      traceId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it("makes related entities only when it is told to", async () => {
    simulated = await startSimulatedPort();
    const { client, port } = simulated;
    const [missing] = await client.upsert("bitbucketRepository", [repository("A/app", "A")], false);
    expect(missing).toMatchObject({ ok: false, status: 404 });
    expect(await client.upsert("bitbucketRepository", [repository("A/app", "A")], true)).toEqual([
      { ok: true, created: true },
    ]);
    expect(port.entity("bitbucketProject", "A")).toBeDefined();
    const queries = port.calls.filter((call) => call.path.endsWith("/bulk")).map((call) => call.query);
    expect(queries).toEqual([
      { upsert: "true", merge: "true" },
      { upsert: "true", merge: "true", create_missing_related_entities: "true" },
    ]);
  });

  it.each(["reset", "apply-then-reset"] as const)("happens once after a %s", async (fault) => {
    simulated = await startSimulatedPort();
    const { client, port } = simulated;
    let spoilt = 0;
    port.setIntercept((call) => (call.path.endsWith("/bulk") && spoilt++ === 0 ? fault : undefined));
    const [result] = await client.upsert("bitbucketProject", [project("A")], false);
    expect(result).toEqual({ ok: true, created: fault === "reset" });
    expect(port.entities("bitbucketProject")).toHaveLength(1);
  });
});
