import { afterEach, describe, expect, it } from "vitest";
import { byIdentifier, dependingOn } from "../../lib/port/query.ts";
import { inTurn, type Loopback, type Reply, startLoopback } from "../support/loopback.ts";
import { clientOf, isLogin, project, startSimulatedPort } from "../support/port-client.ts";
import { failureOf } from "../support/rejection.ts";

let close: () => Promise<void>;
afterEach(() => close());

describe("a search in the catalog", () => {
  it("finds entities by identifier, with what was asked for", async () => {
    const { port, client } = await startSimulatedPort();
    close = port.close;
    for (const key of ["A", "B", "C"])
      port.put("bitbucketProject", project(key, { public: true, type: "NORMAL" }));
    const found = await client.search("bitbucketProject", byIdentifier(["A", "C", "none"]), [
      "$title",
      "public",
    ]);
    expect(found.map((it) => [it.identifier, it.blueprint, it.properties["public"]])).toEqual([
      ["A", "bitbucketProject", true],
      ["C", "bitbucketProject", true],
    ]);
  });

  it("finds what depends on an entity", async () => {
    const { port, client } = await startSimulatedPort();
    close = port.close;
    for (const key of ["A", "B"]) {
      port.put("bitbucketProject", project(key));
      const relations = { project: key };
      port.put("bitbucketRepository", { identifier: `${key}/app`, properties: {}, relations });
    }
    const query = dependingOn("bitbucketProject", ["A"]);
    const found = await client.search("bitbucketRepository", query, ["project"]);
    expect(found).toMatchObject([{ identifier: "A/app", relations: { project: "A" } }]);
  });

  it("goes on until the last page", async () => {
    const { port, client } = await startSimulatedPort();
    close = port.close;
    const keys = Array.from({ length: 2_001 }, (_, index) => `P${index}`);
    for (const key of keys) port.put("bitbucketProject", project(key));
    const found = await client.search("bitbucketProject", byIdentifier(keys), ["$title"]);
    expect(new Set(found.map((it) => it.identifier))).toEqual(new Set(keys));
    expect(found).toHaveLength(2_001);
    expect(port.calls.filter((call) => call.path.endsWith("/search"))).toHaveLength(3);
  });
});

describe("a search's answer", () => {
  const query = byIdentifier(["A"]);
  let server: Loopback;

  async function search(...pages: Reply[]) {
    const answer = inTurn(...pages);
    server = await startLoopback((call, index) =>
      isLogin(call) ? { body: { accessToken: "t", expiresIn: 3600 } } : answer(call, index - 1),
    );
    close = server.close;
    return clientOf(server.url, { retries: 0 }).search("b p", query, ["$title", "x"]);
  }
  const bodies = () => server.received.slice(1).map((call) => JSON.parse(call.body));

  it("is asked for page by page, with the mark of the one before", async () => {
    const first = { ok: true, entities: [{ identifier: "A" }], next: "mark" };
    const found = await search({ body: first }, { body: { entities: [{ identifier: "B" }], next: null } });
    expect(found.map((it) => it.identifier)).toEqual(["A", "B"]);
    const asked = { query, include: ["$title", "x"], limit: 1000 };
    expect(bodies()).toEqual([asked, { ...asked, from: "mark" }]);
    expect(server.received[1]).toMatchObject({ method: "POST", path: "/blueprints/b%20p/entities/search" });
  });

  it("ends without a mark, also where that is an empty text", async () => {
    const again = { body: { entities: [], next: "" } };
    await search(again, again, { status: 422, body: {} });
    expect(bodies()).toHaveLength(1);
  });

  it("may leave out or null whatever was not asked for", async () => {
    const bare = { identifier: "A" };
    const nulls = { identifier: "B", title: null, icon: null, team: null, properties: null, relations: null };
    const odd = { identifier: "C", title: 5, icon: {}, properties: [], relations: "x", extra: { a: 1 } };
    const empty = { blueprint: "b p", properties: {}, relations: {} };
    expect(await search({ body: { entities: [bare, nulls, odd] } })).toEqual([
      { identifier: "A", ...empty },
      { identifier: "B", ...empty },
      { identifier: "C", ...empty },
    ]);
  });

  it("is taken over as it is", async () => {
    const entity = {
      identifier: "A",
      title: "Title",
      icon: "BitBucket",
      team: ["t"],
      properties: { a: null, b: [1], c: { d: 1 } },
      relations: { one: "X", many: ["Y", "Z"], none: null },
    };
    expect(await search({ body: { entities: [{ ...entity, createdAt: "2024" }] } })).toEqual([
      { blueprint: "b p", ...entity },
    ]);
  });

  it.each<[string, Reply]>([
    ["nothing", {}],
    ["another shape", { body: { ok: true, results: [] } }],
    ["an entity without identifier", { body: { entities: [{ title: "A" }] } }],
    ["a list", { body: [] }],
  ])("of %s is a failure, not an empty catalog", async (_, page) => {
    expect(await failureOf(search(page))).toEqual({
      service: "port",
      operation: "POST /blueprints/{blueprint}/entities/search",
      code: "unexpected_answer",
    });
  });

  it("that breaks off gives no part of the entities", async () => {
    const first = { body: { entities: [{ identifier: "A" }], next: "mark" } };
    expect(await failureOf(search(first, { status: 500, body: {} }))).toMatchObject({ status: 500 });
  });
});
