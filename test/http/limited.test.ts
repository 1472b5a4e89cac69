import { afterEach, expect, test } from "vitest";
import { createServiceHttp } from "../../lib/http/service-client.ts";
import { type Behaviour, type Loopback, startLoopback } from "../support/loopback.ts";
import { failureOf } from "../support/rejection.ts";

let server: Loopback;
afterEach(() => server.close());

/** How long it is watched, in seconds; with 10 the figure is the one that is promised. */
const seconds = Number(process.env["LIMITED_SECONDS"] ?? 2);
const endless = Number.POSITIVE_INFINITY;
const tooMany: Behaviour = { status: 429, headers: { "retry-after": "0" }, body: {} };

/** The calls that a backfill has under way at once, with its patience. */
async function start(concurrency: number, answer: (index: number) => Behaviour) {
  server = await startLoopback((_, index) => answer(index));
  const stop = new AbortController();
  const patience = { retries: 6, retriesWhenLimited: endless, maxWaitMs: 600_000, stop: stop.signal };
  const http = createServiceHttp("port", { ...patience, concurrency });
  const call = () => http.send({ method: "GET", url: server.url, operation: "GET /" });
  return { call, stop };
}

test.each([
  ["Port", 16],
  ["Bitbucket", 8],
])(
  "a backfill whose every call is answered 429 with Retry-After: 0 hardly asks %s",
  async (side, concurrency) => {
    const { call, stop } = await start(concurrency, () => tooMany);
    const calls = Promise.allSettled(Array.from({ length: 200 }, call));
    setTimeout(() => stop.abort(), seconds * 1_000);
    await calls;
    console.info(`${side}: ${server.received.length} calls in ${seconds} s of 429 with Retry-After: 0`);
    expect(server.received.length).toBeLessThanOrEqual(20);
    expect(server.received.length).toBeGreaterThanOrEqual(concurrency);
  },
);

test("when the limit is over, the one call that goes ahead brings the others along", async () => {
  const { call } = await start(16, (index) => (index < 16 ? tooMany : { body: {} }));
  const answers = await Promise.all(Array.from({ length: 40 }, call));
  expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200));
  expect(server.received).toHaveLength(16 + 40);
});

test("one that goes ahead and gets no answer makes way for the next", async () => {
  const { call } = await start(2, (index) => (index < 2 ? tooMany : index === 2 ? "reset" : { body: {} }));
  expect((await Promise.all([call(), call(), call()])).map(({ status }) => status)).toEqual([200, 200, 200]);
});

test("a wait that is too long to be waited for is told", async () => {
  server = await startLoopback(() => ({ status: 429, headers: { "retry-after": "172800" } }));
  const http = createServiceHttp("bitbucket", { maxWaitMs: 600_000 });
  const call = () => http.send({ method: "GET", url: server.url, operation: "GET repos" });
  const error = await call().catch(String);
  expect(error).toBe(
    "RequestError: bitbucket answered 429 to GET repos: it asks to wait for 24 h, which is too long to wait here",
  );
  expect((await failureOf(call())).retryAfterMs).toBeGreaterThan(80_000_000);
});
