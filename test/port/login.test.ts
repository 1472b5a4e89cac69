import { afterEach, describe, expect, it } from "vitest";
import { byIdentifier } from "../../lib/port/query.ts";
import { userAgent } from "../../lib/version.ts";
import { clientOf, project, type SimulatedPort, startSimulatedPort } from "../support/port-client.ts";
import { failureOf, rejection } from "../support/rejection.ts";

let simulated: SimulatedPort;
afterEach(() => simulated.port.close());
const logins = () => simulated.calls().filter((call) => call.includes("/auth/")).length;
const all = byIdentifier(["A"]);
const find = () => simulated.client.search("bitbucketProject", all, ["$title"]);

describe("Port's client", () => {
  it("logs in once for many calls", async () => {
    simulated = await startSimulatedPort();
    await Promise.all([find(), find(), find()]);
    await find();
    expect(logins()).toBe(1);
    expect(simulated.client.calls()).toBe(5);
  });

  it("names the product, which Port shows as the data's source", async () => {
    simulated = await startSimulatedPort();
    await find();
    expect(simulated.port.calls.map((call) => call.headers["user-agent"])).toEqual([userAgent, userAgent]);
  });

  it("logs in anew before a token expires", async () => {
    simulated = await startSimulatedPort({ tokenSeconds: 0 });
    simulated.port.setIntercept((call) =>
      call.path.includes("/auth/") ? undefined : { status: 200, body: { entities: [] } },
    );
    await find();
    await find();
    expect(logins()).toBe(2);
  });

  it("logs in anew when a token was refused, and makes the call again", async () => {
    simulated = await startSimulatedPort();
    await find();
    simulated.port.expireTokens();
    await simulated.client.upsert("bitbucketProject", [project("A")], false);
    expect((await find()).map((it) => it.identifier)).toEqual(["A"]);
    expect(simulated.calls().map((call) => call.replace(/.*\/(\w+) (\d+)$/, "$1 $2"))).toEqual([
      "access_token 200",
      "search 200",
      "bulk 401",
      "access_token 200",
      "bulk 200",
      "search 200",
    ]);
  });

  it("logs in anew once when many calls find their token refused", async () => {
    simulated = await startSimulatedPort({}, { retries: 0 });
    await find();
    simulated.port.expireTokens();
    let waiting = 0;
    simulated.port.setIntercept(async (call) => {
      // Answers come apart from each other, and each log-in takes longer than that.
      if (call.path.includes("/auth/")) await turns(50);
      else await turns(waiting++ * 5);
      return undefined;
    });
    await Promise.all(Array.from({ length: 6 }, find));
    expect(logins()).toBe(2);
  });

  it("gives up when a new token is refused as well", async () => {
    simulated = await startSimulatedPort();
    const refusal = { status: 401, body: { ok: false, error: "unauthorized", message: "Invalid token" } };
    simulated.port.setIntercept((call) => (call.path.includes("/auth/") ? undefined : refusal));
    expect(await failureOf(find())).toMatchObject({ status: 401, code: "unauthorized" });
    expect(simulated.port.calls).toHaveLength(4);
  });

  it("does not log in again when the log-in itself is refused", async () => {
    simulated = await startSimulatedPort({ clientSecret: "another" });
    const error = await rejection(find());
    expect(error).toMatchObject({ failure: { status: 401, operation: "POST /auth/access_token" } });
    expect(String(error)).toContain("PORT_CLIENT_SECRET");
    expect(simulated.port.calls).toHaveLength(1);
  });

  it("does not log in again for other refusals", async () => {
    simulated = await startSimulatedPort();
    const query = { combinator: "and", rules: [{ property: "$nothing", operator: "??", value: 1 }] } as const;
    expect((await failureOf(simulated.client.search("bitbucketProject", query, []))).status).toBe(422);
    expect(logins()).toBe(1);
  });

  it("ends with its signal", async () => {
    simulated = await startSimulatedPort();
    const client = clientOf(simulated.port.url, { signal: () => AbortSignal.abort() });
    expect(await rejection(client.delete("bitbucketProject", "A"))).toMatchObject({ name: "AbortError" });
    expect(simulated.port.calls).toHaveLength(0);
  });
});

/** Lets the event loop go round, so that other answers can overtake. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}
