import { expect, it } from "vitest";
import { createServiceHttp } from "../../lib/http/service-client.ts";
import { type Reply, startLoopback } from "../support/loopback.ts";
import { failureOf } from "../support/rejection.ts";

const tooMany = 200;

/** How often one call asks that is told this by every answer, and may repeat itself for ever. */
async function callsWhenTold(headers: Record<string, string>, status = 429) {
  const reply: Reply = { status, headers, body: {} };
  const server = await startLoopback((_, index) => (index < tooMany ? reply : { body: {} }));
  const endless = Number.POSITIVE_INFINITY;
  const patience = { retries: endless, retriesWhenLimited: endless, maxWaitMs: 400 };
  const http = createServiceHttp("bitbucket", patience);
  // It ends by itself once its pauses have grown past what may be waited for here.
  const failure = await failureOf(http.send({ method: "GET", url: server.url, operation: "GET /" }));
  await server.close();
  return { calls: server.received.length, failure };
}

const past = new Date(Date.now() - 60_000).toUTCString();

it.concurrent.each([
  "0",
  "0.0",
  "0.001",
  "-1",
  "-0",
  "1.5.2",
  "0, 0",
  "soon",
  "",
  "NaN",
  "0x10",
  "1e3",
  "1, x",
  past,
])("after a 429 with a Retry-After of %j nobody asks again at once", async (value) => {
  const { calls, failure } = await callsWhenTold({ "retry-after": value });
  expect([calls, failure.status]).toEqual([1, 429]);
});

it.concurrent.each(["0", "-1", "soon", past])(
  "a 503 with a Retry-After of %j makes a call wait longer and longer",
  async (value) => {
    const { calls, failure } = await callsWhenTold({ "retry-after": value }, 503);
    expect(calls).toBeLessThan(40);
    expect(failure).toMatchObject({ status: 503 });
    expect(failure.retryAfterMs).toBeUndefined();
  },
);

it.concurrent.each(["0", "-5", "soon", "", "0.001", String(Math.floor(Date.now() / 1000) - 60)])(
  "after a 429 with a used-up limit and a reset of %j nobody asks again at once",
  async (reset) => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
    expect((await callsWhenTold(headers)).calls).toBe(1);
  },
);

it.concurrent.each([
  ["1, 2", 2_000],
  ["7,3", 7_000],
  ["99999999999999999999", 86_400_000],
  ["9".repeat(400), 86_400_000],
  [new Date(Date.now() + 10 * 365 * 86_400_000).toUTCString(), 86_400_000],
])("of a Retry-After of %j the longest wait counts, a day at most", async (value, retryAfterMs) => {
  const { calls, failure } = await callsWhenTold({ "retry-after": value });
  expect([calls, failure.retryAfterMs]).toEqual([1, retryAfterMs]);
});
