import { afterEach, describe, expect, it } from "vitest";
import type {
  PortSimulator,
  PortSimulatorOptions,
  Write,
} from "../../../../infra/local/simulators/port/server.ts";
import { type Client, started } from "./port-support.ts";

let port: PortSimulator;
let call: Client;
const start = async (options: PortSimulatorOptions = {}) => {
  ({ port, call } = await started(options));
};
afterEach(() => port.close());

const upsert = (blueprint: string, entity: unknown) =>
  call(
    "POST",
    `/blueprints/${blueprint}/entities?upsert=true&merge=true&create_missing_related_entities=true`,
    entity,
  );
const remove = (blueprint: string, identifier: string) =>
  call("DELETE", `/blueprints/${blueprint}/entities/${identifier}?delete_dependents=false`);
const search = (blueprint: string, body: unknown) =>
  call("POST", `/blueprints/${blueprint}/entities/search`, body);

describe("the log of writes", () => {
  it("has every change, in order, with what was before and after", async () => {
    const told: Write[] = [];
    await start({ logWrites: true, onWrite: (write) => told.push(write), now: () => 1000 });
    await upsert("repository", { identifier: "r", properties: { stars: 1 }, relations: { project: "p" } });
    await upsert("repository", { identifier: "r", properties: { stars: 2 } });
    await remove("repository", "r");
    port.put("user", { identifier: "u" });
    port.remove("user", "u");
    const short = port.writes.map(({ action, identifier, bare }) => [action, identifier, bare]);
    expect(short).toEqual([
      ["create", "p", true],
      ["create", "r", false],
      ["update", "r", false],
      ["delete", "r", false],
      ["create", "u", false],
      ["delete", "u", false],
    ]);
    expect(port.writes[2]).toMatchObject({
      at: 1000,
      blueprint: "repository",
      before: { properties: { stars: 1 }, relations: { project: "p" } },
      after: { properties: { stars: 2 }, relations: { project: "p" } },
      userAgent: "node",
    });
    expect(port.writes[3]).toMatchObject({ before: { properties: { stars: 2 } }, after: undefined });
    expect(port.writes[4]?.userAgent).toBeUndefined();
    expect(told).toEqual(port.writes);
    port.reset();
    expect(port.writes).toEqual([]);
  });

  it("is empty unless it is asked for", async () => {
    await start();
    await upsert("project", { identifier: "p" });
    expect(port.writes).toEqual([]);
  });

  it("waits with a write that an intercept holds back", async () => {
    let go = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    await start({ logWrites: true });
    port.setIntercept(async ({ path }) => {
      if (path.includes("/entities")) await held;
      return undefined;
    });
    const writing = upsert("project", { identifier: "p" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(port.writes).toEqual([]);
    go();
    await writing;
    expect(port.writes).toHaveLength(1);
  });
});

describe("what others relate to", () => {
  const related = async (options: PortSimulatorOptions) => {
    await start(options);
    await upsert("repository", { identifier: "r", relations: { project: "p" } });
    await upsert("pull", { identifier: "l", relations: { repository: "r", participants: ["a", "b"] } });
  };

  it.each([422, 409] as const)("is not deleted (%d)", async (dependents) => {
    await related({ dependents });
    expect((await remove("project", "p")).status).toBe(dependents);
    expect(port.entity("project", "p")).toBeDefined();
  });

  it("may be let go of", async () => {
    await related({ dependents: "let-go" });
    expect((await remove("user", "a")).status).toBe(200);
    expect((await remove("repository", "r")).status).toBe(200);
    expect(port.entity("pull", "l")?.relations).toEqual({ participants: ["b"] });
  });

  it.each([
    ["all-hops", ["l"]],
    ["one-hop", []],
  ] as const)("is found by relatedTo over %s", async (relatedTo, found) => {
    await related({ relatedTo });
    const rule = { operator: "relatedTo", blueprint: "project", value: "p", direction: "downstream" };
    const { body } = await search("pull", { query: { combinator: "and", rules: [rule] } });
    expect((body["entities"] as { identifier: string }[]).map(({ identifier }) => identifier)).toEqual(found);
  });
});

it("a search's next may lead to the page that it came with", async () => {
  await start({ next: "repeats" });
  for (const identifier of ["a", "b", "c"]) await upsert("project", { identifier });
  const first = await search("project", { limit: 1 });
  const second = await search("project", { limit: 1, from: first.body["next"] });
  expect(second.body).toEqual(first.body);
});

it("a team given as text is a list when it is read", async () => {
  await start();
  await upsert("project", { identifier: "p", team: "shelf" });
  expect(port.entity("project", "p")?.team).toEqual(["shelf"]);
});

it.each(["0", "-1", "1, 2"])("a 429 may say to try again %j", async (retryAfter) => {
  await start({ rateLimit: { requests: 1, windowSeconds: 60, resetAs: "seconds", retryAfter } });
  await call("GET", "/blueprints");
  const { status, headers } = await call("GET", "/blueprints");
  expect([status, headers.get("retry-after")]).toEqual([429, retryAfter]);
});
