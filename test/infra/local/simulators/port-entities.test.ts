import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PortSimulator } from "../../../../infra/local/simulators/port/server.ts";
import { type Client, started } from "./port-support.ts";

let port: PortSimulator;
let call: Client;

beforeEach(async () => {
  ({ port, call } = await started());
});
afterEach(() => port.close());

const merge = "?upsert=true&merge=true";
const upsert = (blueprint: string, entity: unknown, query = merge) =>
  call("POST", `/blueprints/${blueprint}/entities${query}`, entity);
const bulk = (blueprint: string, entities: unknown[], query = merge) =>
  call("POST", `/blueprints/${blueprint}/entities/bulk${query}`, { entities });

describe("upserting one entity", () => {
  it("creates with 201, then merges with 200 and keeps what was not sent", async () => {
    const first = await upsert("pull", {
      identifier: "A/b/1",
      title: "t",
      properties: { state: "OPEN", labels: ["x"] },
    });
    expect(first.status).toBe(201);
    const second = await upsert("pull", {
      identifier: "A/b/1",
      properties: { state: "MERGED", labels: null },
    });
    expect(second.status).toBe(200);
    expect(port.entity("pull", "A/b/1")).toMatchObject({ title: "t", properties: { state: "MERGED" } });
    expect(port.entity("pull", "A/b/1")?.properties).not.toHaveProperty("labels");
  });

  it("replaces everything without merge", async () => {
    await upsert("pull", { identifier: "1", title: "t", properties: { state: "OPEN" } });
    await upsert("pull", { identifier: "1", properties: {} }, "?upsert=true");
    expect(port.entity("pull", "1")).toMatchObject({ properties: {} });
    expect(port.entity("pull", "1")).not.toHaveProperty("title");
  });

  it("answers 409 when it is there and upsert is false", async () => {
    port.put("project", { identifier: "A" });
    expect((await upsert("project", { identifier: "A" }, "?upsert=false")).status).toBe(409);
  });

  it("only checks with validation_only", async () => {
    await upsert("project", { identifier: "A" }, `${merge}&validation_only=true`);
    expect(port.entities("project")).toEqual([]);
  });

  it.each([
    ["", 422],
    ["?upsert=yes", 422],
    ["?upsert=true&mergee=true", 422],
  ])("refuses the query %j", async (query, status) => {
    expect((await upsert("project", { identifier: "A" }, query)).status).toBe(status);
  });

  it.each([
    ["a tilde in the identifier", { identifier: "~x" }],
    ["a dot as the identifier", { identifier: "." }],
    ["an identifier of 1,001 characters", { identifier: "x".repeat(1001) }],
    ["a null title", { identifier: "x", title: null }],
    ["a null icon", { identifier: "x", icon: null }],
    ["an unknown key", { identifier: "x", colour: "red" }],
    ["an unknown property", { identifier: "x", properties: { nope: 1 } }],
    ["a value outside of the enum", { identifier: "x", properties: { state: "NEW" } }],
    ["a string for an array", { identifier: "x", properties: { labels: "a" } }],
    ["a number within an array of strings", { identifier: "x", properties: { labels: [1] } }],
    ["an array for an object", { identifier: "x", properties: { extra: [] } }],
    ["an unknown relation", { identifier: "x", relations: { nope: "a" } }],
    ["an array for a single relation", { identifier: "x", relations: { repository: ["a"] } }],
    ["a string for a many relation", { identifier: "x", relations: { participants: "a" } }],
    ["a null within a many relation", { identifier: "x", relations: { participants: [null] } }],
    ["a space in a relation's value", { identifier: "x", relations: { repository: "a b" } }],
  ])("refuses %s", async (_, entity) => {
    const { status, body } = await upsert("pull", entity, `${merge}&create_missing_related_entities=true`);
    expect({ status, ok: body["ok"] }).toEqual({ status: 422, ok: false });
    expect(port.entities("pull")).toEqual([]);
  });

  it.each([
    "2024-02-30T00:00:00Z",
    "2024-02-01",
    "1700132280533",
    "2024-02-01T10:00:00",
    "2024-02-01T10:00:00+0530",
  ])("refuses %s as a date-time", async (updated) => {
    expect((await upsert("repository", { identifier: "x", properties: { updated } })).status).toBe(422);
  });

  it.each(["2024-02-29T00:00:00Z", "2024-02-01T10:00:00.123+05:30"])(
    "takes %s as a date-time",
    async (updated) => {
      expect((await upsert("repository", { identifier: "x", properties: { updated } })).status).toBe(201);
    },
  );

  it("refuses something that is not a URL, takes one with a port", async () => {
    expect((await upsert("project", { identifier: "x", properties: { link: "host:7990" } })).status).toBe(
      422,
    );
    expect(
      (await upsert("project", { identifier: "x", properties: { link: "http://myhost:7990/x" } })).status,
    ).toBe(201);
  });

  it("asks for required properties, kept ones count", async () => {
    expect((await upsert("user", { identifier: "u" })).status).toBe(422);
    await upsert("user", { identifier: "u", properties: { username: "u" } });
    expect((await upsert("user", { identifier: "u", title: "U" })).status).toBe(200);
    expect((await upsert("user", { identifier: "u", properties: { username: null } })).status).toBe(422);
  });

  it("answers 404 for an unknown blueprint", async () => {
    expect((await upsert("nope", { identifier: "x" })).status).toBe(404);
  });
});

describe("related entities that are not there", () => {
  const entity = { identifier: "1", relations: { participants: ["u1", "u2"] } };

  it("are refused with 404 and nothing is written", async () => {
    const { status, body } = await upsert("pull", entity);
    expect([status, body["error"]]).toEqual([404, "not_found"]);
    expect(port.entities("pull")).toEqual([]);
  });

  it("become bare entities when asked for", async () => {
    expect((await upsert("pull", entity, `${merge}&create_missing_related_entities=true`)).status).toBe(201);
    expect(port.entity("user", "u2")).toMatchObject({ identifier: "u2", properties: {}, relations: {} });
  });

  it("are refused when bare entities need their required properties", async () => {
    const strict = await started({ bareNeedsRequired: true });
    const path = `/blueprints/pull/entities${merge}&create_missing_related_entities=true`;
    expect((await strict.call("POST", path, entity)).status).toBe(422);
    expect(strict.port.entities("user")).toEqual([]);
    await strict.port.close();
  });
});

describe("bulk upsert", () => {
  it("answers 200 when all went well", async () => {
    const { status, body } = await bulk("project", [{ identifier: "A" }, { identifier: "B" }]);
    expect(status).toBe(200);
    expect(body).toEqual({
      ok: true,
      entities: [
        { identifier: "A", index: 0, created: true },
        { identifier: "B", index: 1, created: true },
      ],
      errors: [],
    });
  });

  it("answers 207 and says which failed, and why", async () => {
    const items = [
      { identifier: "1", properties: { state: "NEW" } },
      { identifier: "2", relations: { repository: "nope" } },
      { identifier: "3" },
      { identifier: "3" },
    ];
    const { status, body } = await bulk("pull", items);
    expect(status).toBe(207);
    expect(body["entities"]).toEqual([{ identifier: "3", index: 2, created: true }]);
    const error = (index: number, statusCode: number) => expect.objectContaining({ index, statusCode });
    expect(body["errors"]).toEqual([error(0, 422), error(1, 404), error(3, 422)]);
  });

  it("can be told to refuse the whole call for one that its blueprint does not allow", async () => {
    const whole = await started({ schemaErrors: "whole-call" });
    const path = `/blueprints/pull/entities/bulk${merge}`;
    const entities = [{ identifier: "1" }, { identifier: "2", properties: { state: "NEW" } }];
    expect((await whole.call("POST", path, { entities })).status).toBe(422);
    expect(whole.port.entities("pull")).toEqual([]);
    await whole.port.close();
  });

  it("refuses the whole call for an identifier outside of the pattern", async () => {
    expect((await bulk("project", [{ identifier: "A" }, { identifier: "a b" }])).status).toBe(422);
    expect(port.entities("project")).toEqual([]);
  });

  it("takes 1 to 20 entities, and nothing beside them", async () => {
    const many = Array.from({ length: 21 }, (_, n) => ({ identifier: `${n}` }));
    expect((await bulk("project", [])).status).toBe(422);
    expect((await bulk("project", many)).status).toBe(422);
    expect((await bulk("project", many.slice(1))).status).toBe(200);
    const extra = await call("POST", `/blueprints/project/entities/bulk${merge}`, {
      entities: many.slice(1),
      x: 1,
    });
    expect(extra.status).toBe(422);
  });

  it("refuses a body above 1 MiB", async () => {
    expect((await bulk("project", [{ identifier: "A", title: "x".repeat(1024 * 1024) }])).status).toBe(413);
  });
});

describe("one entity", () => {
  it("is read by its encoded identifier", async () => {
    port.put("project", { identifier: "A/b" });
    const { status, body } = await call("GET", "/blueprints/project/entities/A%2Fb");
    expect(status).toBe(200);
    expect(body["entity"]).toMatchObject({
      identifier: "A/b",
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect((await call("GET", "/blueprints/project/entities/A/b")).status).toBe(404);
  });

  it("is patched in part and put as a whole", async () => {
    port.put("pull", { identifier: "1", title: "t", properties: { state: "OPEN" } });
    await call("PATCH", "/blueprints/pull/entities/1", { title: null, properties: { labels: [] } });
    expect(port.entity("pull", "1")?.properties).toEqual({ state: "OPEN", labels: [] });
    await call("PUT", "/blueprints/pull/entities/1", { title: "u" });
    expect(port.entity("pull", "1")).toMatchObject({ title: "u", properties: {} });
    expect((await call("PATCH", "/blueprints/pull/entities/2", {})).status).toBe(404);
  });

  it("is counted", async () => {
    port.put("project", { identifier: "A" });
    expect((await call("GET", "/blueprints/project/entities-count")).body["count"]).toBe(1);
  });
});

describe("deleting", () => {
  beforeEach(() => {
    port.put("project", { identifier: "A" });
    port.put("project", { identifier: "B" });
    port.put("repository", { identifier: "A/b", relations: { project: "A" } });
  });
  const remove = (path: string) => call("DELETE", `/blueprints/project/entities/${path}`);
  const removeMany = (entities: unknown[], query = "?delete_dependents=false") =>
    call("POST", `/blueprints/project/bulk/entities/delete${query}`, { entities });

  it("needs delete_dependents", async () => {
    expect((await remove("B")).status).toBe(422);
    expect((await removeMany(["B"], "")).status).toBe(422);
    expect(port.entities("project")).toHaveLength(2);
  });

  it("is refused while something depends on it", async () => {
    expect((await remove("A?delete_dependents=false")).status).toBe(422);
    expect((await removeMany(["B", "A"])).status).toBe(422);
    expect(port.entities("project")).toHaveLength(2);
  });

  it("takes dependents along when asked to", async () => {
    expect((await remove("A?delete_dependents=true")).status).toBe(200);
    expect(port.entities("repository")).toEqual([]);
  });

  it("answers 404 for one that is gone; in bulk it is left out", async () => {
    expect((await remove("C?delete_dependents=false")).status).toBe(404);
    expect((await removeMany(["B", "C"])).body).toEqual({ ok: true, deletedEntities: ["B"] });
    expect((await removeMany([])).status).toBe(422);
  });
});
