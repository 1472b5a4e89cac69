import { afterEach, describe, expect, it } from "vitest";
import {
  portDemoClientId as clientId,
  portDemoClientSecret as clientSecret,
  type PortSimulator,
  type PortSimulatorOptions,
} from "../../../../infra/local/simulators/port/server.ts";
import { blueprints, type Client, request, started } from "./port-support.ts";

let port: PortSimulator;
let call: Client;
const start = async (options: PortSimulatorOptions = {}) => {
  ({ port, call } = await started(options));
};
afterEach(() => port.close());

describe("tokens", () => {
  const login = (body: unknown) => request(port.url, "POST", "/auth/access_token", body);

  it("are the same until they expire, with ever fewer seconds", async () => {
    let now = 1_000_000;
    await start({ now: () => now, tokenSeconds: 100 });
    const first = await login({ clientId, clientSecret });
    now += 40_000;
    const second = await login({ clientId, clientSecret });
    expect(first.body).toMatchObject({ ok: true, expiresIn: 100, tokenType: "Bearer" });
    expect(second.body).toEqual({ ...first.body, expiresIn: 60 });
    now += 60_000;
    expect((await login({ clientId, clientSecret })).body["accessToken"]).not.toBe(first.body["accessToken"]);
  });

  it("are refused once stale", async () => {
    await start();
    expect((await call("GET", "/blueprints")).status).toBe(200);
    port.expireTokens();
    expect((await call("GET", "/blueprints")).status).toBe(401);
  });

  it("are not given for wrong credentials", async () => {
    await start();
    expect((await login({ clientId, clientSecret: "wrong" })).status).toBe(401);
    expect((await login({ clientId })).status).toBe(422);
    expect((await request(port.url, "GET", "/blueprints")).status).toBe(401);
  });
});

describe("the rate limit", () => {
  it.each([
    ["seconds", "60"],
    ["epoch", "1060"],
  ] as const)("says its reset in %s, and 429 above it", async (resetAs, reset) => {
    let now = 1_000_000;
    await start({ now: () => now, rateLimit: { requests: 2, windowSeconds: 60, resetAs, retryAfter: true } });
    const { headers } = await call("GET", "/blueprints");
    expect(headers.get("x-ratelimit-limit")).toBe("2");
    expect(headers.get("x-ratelimit-remaining")).toBe("0");
    expect(headers.get("x-ratelimit-reset")).toBe(reset);
    const refused = await call("GET", "/blueprints");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
    now += 60_000;
    expect((await call("GET", "/blueprints")).status).toBe(200);
  });
});

describe("faults", () => {
  it("replace an answer", async () => {
    await start({
      intercept: ({ path }) => (path.endsWith("count") ? { status: 503, body: "<html>" } : undefined),
    });
    const response = await fetch(`${port.url}/entities-count`);
    expect([response.status, await response.text()]).toEqual([503, "<html>"]);
    expect(response.headers.get("x-trace-id")).toMatch(/./);
  });

  it("reset the socket, before or after the call took effect", async () => {
    await start();
    await call("GET", "/blueprints");
    const create = () => call("POST", "/blueprints/project/entities?upsert=true", { identifier: "A" });
    port.setIntercept(() => "reset");
    await expect(create()).rejects.toThrow();
    expect(port.entities("project")).toEqual([]);
    port.setIntercept(() => "apply-then-reset");
    await expect(create()).rejects.toThrow();
    expect(port.entities("project")).toHaveLength(1);
    expect(port.calls.at(-1)).toMatchObject({
      status: 0,
      body: { identifier: "A" },
      query: { upsert: "true" },
    });
  });

  it("can hold a call back until another has passed", async () => {
    await start();
    await call("GET", "/blueprints");
    const gate = Promise.withResolvers<undefined>();
    port.setIntercept(({ body }) =>
      (body as { title?: string }).title === "slow" ? gate.promise : undefined,
    );
    const put = (title: string) =>
      call("POST", "/blueprints/project/entities?upsert=true", { identifier: "A", title });
    const slow = put("slow");
    await put("fast");
    gate.resolve(undefined);
    await slow;
    expect(port.entity("project", "A")?.title).toBe("slow");
  });
});

it.each([
  ["GET", "/nope", undefined, 404],
  ["POST", "/blueprints", "{", 400],
])("answers %s %s with %j by %i, traceable", async (method, path, body, status) => {
  await start();
  const reply = await call(method, path, body);
  expect(reply.status).toBe(status);
  expect(reply.body).toMatchObject({ ok: false, error: expect.any(String), message: expect.any(String) });
  expect(reply.headers.get("x-trace-id")).toMatch(/./);
});

it("forgets all but its blueprints on reset", async () => {
  await start();
  port.put("project", { identifier: "A" });
  port.setBlueprint({ identifier: "extra", title: "Extra", schema: { properties: {} } });
  port.reset();
  expect(port.entities("project")).toEqual([]);
  expect(port.blueprints()).toEqual(blueprints);
});

describe("blueprints", () => {
  const blueprint = {
    identifier: "team",
    title: "Team",
    schema: { properties: { name: { type: "string" } }, required: ["name"] },
    relations: { lead: { target: "user", required: false, many: false } },
  };

  it("are created once, listed, read and deleted", async () => {
    await start();
    expect((await call("POST", "/blueprints", blueprint)).status).toBe(201);
    expect((await call("POST", "/blueprints", blueprint)).status).toBe(409);
    expect((await call("GET", "/blueprints")).body["blueprints"]).toHaveLength(blueprints.length + 1);
    expect((await call("GET", "/blueprints/team")).body["blueprint"]).toMatchObject(blueprint);
    expect((await call("DELETE", "/blueprints/user")).status).toBe(422);
    expect((await call("DELETE", "/blueprints/team")).status).toBe(200);
    expect((await call("GET", "/blueprints/team")).status).toBe(404);
  });

  it.each([
    [
      "a target that does not exist",
      { relations: { x: { target: "nope", required: false, many: false } } },
      404,
    ],
    ["a relation without many", { relations: { x: { target: "user", required: false } } }, 422],
    ["an unknown type", { schema: { properties: { x: { type: "text" } } } }, 422],
    ["a required property that is not there", { schema: { properties: {}, required: ["x"] } }, 422],
    ["no title", { title: "" }, 422],
    ["a tilde", { identifier: "~x" }, 422],
  ])("are refused with %s", async (_, change, status) => {
    await start();
    expect((await call("POST", "/blueprints", { ...blueprint, ...change })).status).toBe(status);
  });

  it("are replaced by PUT; PATCH keeps the top-level keys that it does not name", async () => {
    await start();
    port.setBlueprint({ ...blueprint, icon: "Team" });
    const schema = { properties: { size: { type: "number" } } };
    await call("PATCH", "/blueprints/team", { schema });
    expect((await call("GET", "/blueprints/team")).body["blueprint"]).toMatchObject({ icon: "Team", schema });
    await call("PUT", "/blueprints/team", { title: "T", schema });
    const { body } = await call("GET", "/blueprints/team");
    expect(body["blueprint"]).not.toHaveProperty("icon");
    expect(body["blueprint"]).toMatchObject({ identifier: "team", relations: {} });
  });

  it("can merge all the way down on PATCH", async () => {
    await start({ blueprintPatch: "deep" });
    port.setBlueprint(blueprint);
    await call("PATCH", "/blueprints/team", { schema: { properties: { size: { type: "number" } } } });
    const [team] = port.blueprints().filter(({ identifier }) => identifier === "team");
    expect(Object.keys(team?.schema.properties ?? {})).toEqual(["name", "size"]);
  });
});
