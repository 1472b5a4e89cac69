import { afterEach, describe, expect, it } from "vitest";
import { type ClientOptions, createServiceHttp } from "../../lib/http/service-client.ts";
import { type Behaviour, type Loopback, startLoopback } from "../support/loopback.ts";
import { failureOf } from "../support/rejection.ts";

let server: Loopback;
afterEach(() => server.close());

async function start(
  answer: (index: number) => Behaviour | Promise<Behaviour>,
  options: Partial<ClientOptions> = {},
) {
  server = await startLoopback((_, index) => answer(index));
  const http = createServiceHttp("bitbucket", { maxWaitMs: 1_000, ...options });
  return { http, send: () => http.send({ method: "GET", url: server.url, operation: "GET /" }) };
}
const limited: Behaviour = { status: 429, headers: { "retry-after": "1" } };
const broken: Behaviour = { status: 503, headers: { "retry-after": "0" } };

describe("a service's client", () => {
  it("has no more calls under way than allowed", async () => {
    let underWay = 0;
    let most = 0;
    const { send } = await start(
      async () => {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay--;
        return { body: {} };
      },
      { concurrency: 3 },
    );
    await Promise.all(Array.from({ length: 20 }, send));
    expect(server.received).toHaveLength(20);
    expect(most).toBeLessThanOrEqual(3);
  });

  it("is more patient with a rate limit than with failures when told so", async () => {
    const options = { retries: 1, retriesWhenLimited: 2, maxWaitMs: 10_000 };
    const { send } = await start((index) => (index < 2 ? limited : { body: {} }), options);
    expect((await send()).status).toBe(200);
    await server.close();
    const impatient = await start(() => broken, options);
    expect(await failureOf(impatient.send())).toMatchObject({ status: 503 });
    expect(impatient.http.calls()).toBe(2);
  });

  it("counts a rate limit and failures apart", async () => {
    const { send } = await start((index) => [limited, broken][index] ?? { body: {} }, { retries: 1 });
    expect((await send()).status).toBe(200);
  });

  it("is as patient with a rate limit as with failures unless told otherwise", async () => {
    const { send } = await start(() => limited, { retries: 1 });
    expect(await failureOf(send())).toMatchObject({ status: 429 });
    expect(server.received).toHaveLength(2);
  });

  it("holds back every call when one is told to wait longer than it may", async () => {
    const { send } = await start(() => ({ status: 429, headers: { "retry-after": "60" } }));
    expect(await failureOf(send())).toMatchObject({ status: 429, retryAfterMs: 60_000 });
    const { status, retryAfterMs } = await failureOf(send());
    expect(status).toBe(429);
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(server.received).toHaveLength(1);
  });
});
