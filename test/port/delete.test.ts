import { afterEach, describe, expect, it } from "vitest";
import { inTurn, startLoopback } from "../support/loopback.ts";
import { clientOf, isLogin, project, startSimulatedPort } from "../support/port-client.ts";
import { failureOf } from "../support/rejection.ts";

let close: () => Promise<void>;
afterEach(() => close());

async function start() {
  const simulated = await startSimulatedPort();
  close = simulated.port.close;
  return simulated;
}

describe("deleting an entity", () => {
  it("is true when it was there and false when it was not", async () => {
    const { client, port } = await start();
    port.put("bitbucketProject", project("A"));
    port.put("bitbucketProject", project("B"));
    expect(await client.delete("bitbucketProject", "A")).toBe(true);
    expect(await client.delete("bitbucketProject", "A")).toBe(false);
    expect(port.entities("bitbucketProject").map((it) => it.identifier)).toEqual(["B"]);
  });

  it.each(["PRJ/app/7", "a\\b", "é+=:@.-", "ann@example.org"])("works for %s", async (identifier) => {
    const { client, port } = await start();
    port.put("bitbucketProject", project(identifier));
    expect(await client.delete("bitbucketProject", identifier)).toBe(true);
    expect(port.entities("bitbucketProject")).toEqual([]);
    const [, call] = port.calls;
    expect(call?.path).toBe(`/v1/blueprints/bitbucketProject/entities/${encodeURIComponent(identifier)}`);
    expect(call?.query).toEqual({ delete_dependents: "false" });
  });

  it("leaves what depends on it", async () => {
    const { client, port } = await start();
    port.put("bitbucketProject", project("A"));
    port.put("bitbucketRepository", { identifier: "A/app", relations: { project: "A" } });
    await client.delete("bitbucketProject", "A").catch(() => undefined);
    expect(port.entity("bitbucketRepository", "A/app")).toBeDefined();
  });

  it("that took effect and whose answer was lost is done", async () => {
    const { client, port } = await start();
    port.put("bitbucketProject", project("A"));
    let lost = 0;
    port.setIntercept((call) => (call.method === "DELETE" && lost++ === 0 ? "apply-then-reset" : undefined));
    expect(await client.delete("bitbucketProject", "A")).toBe(false);
    expect(port.entities("bitbucketProject")).toEqual([]);
  });

  it("is not known to be done after a proxy's 404", async () => {
    const page = { status: 404, body: "<html>Not found</html>" };
    const login = { body: { accessToken: "t", expiresIn: 3600 } };
    const answer = inTurn(page);
    const server = await startLoopback((call, index) => (isLogin(call) ? login : answer(call, index)));
    close = server.close;
    const client = clientOf(server.url, { retries: 0 });
    expect(await failureOf(client.delete("b", "A"))).toMatchObject({ status: 404, code: "not_json" });
  });
});

describe("deleting many entities", () => {
  it("deletes all of them in one call", async () => {
    const { client, port } = await start();
    const keys = Array.from({ length: 100 }, (_, index) => `P/${index}`);
    for (const key of [...keys, "other"]) port.put("bitbucketProject", project(key));
    await client.deleteMany("bitbucketProject", keys);
    expect(port.entities("bitbucketProject").map((it) => it.identifier)).toEqual(["other"]);
    expect(port.calls[1]).toMatchObject({
      method: "POST",
      path: "/v1/blueprints/bitbucketProject/bulk/entities/delete",
      query: { delete_dependents: "false" },
      body: { entities: keys },
    });
  });

  it("fails when there are more than Port takes", async () => {
    const { client } = await start();
    const keys = Array.from({ length: 101 }, (_, index) => `P${index}`);
    expect(await failureOf(client.deleteMany("bitbucketProject", keys))).toMatchObject({ status: 422 });
  });
});
