import { afterEach, describe, expect, it } from "vitest";
import { createHttp, type HttpOptions } from "../../lib/http/client.ts";
import { type Behaviour, inTurn, type Loopback, startLoopback } from "../support/loopback.ts";
import { failureOf, rejection } from "../support/rejection.ts";

let server: Loopback;
afterEach(() => server.close());

async function start(behaviours: Behaviour[], options: Partial<HttpOptions> = {}) {
  server = await startLoopback(inTurn(...behaviours));
  const http = createHttp({
    service: "bitbucket",
    userAgent: "test/1",
    timeoutMs: 20_000,
    retries: 2,
    maxWaitMs: 20_000,
    ...options,
  });
  return (signal?: AbortSignal) => http.send({ method: "GET", url: server.url, operation: "GET /", signal });
}

describe("a wait that is asked for", () => {
  it("is waited for when it is short enough", async () => {
    const send = await start([{ status: 429, headers: { "retry-after": "0.01" } }, { body: {} }]);
    expect((await send()).status).toBe(200);
  });

  it("of more than allowed fails at once and says how long it is", async () => {
    const send = await start([{ status: 429, headers: { "retry-after": "600" } }], { maxWaitMs: 1_000 });
    expect(await failureOf(send())).toMatchObject({ status: 429, retryAfterMs: 600_000 });
    expect(server.received).toHaveLength(1);
  });

  it("counts for other failures than 429 as well", async () => {
    const send = await start([{ status: 503, headers: { "retry-after": "60" } }], { maxWaitMs: 1_000 });
    expect(await failureOf(send())).toMatchObject({ status: 503, retryAfterMs: 60_000 });
    expect(server.received).toHaveLength(1);
  });
});

describe("an abort", () => {
  it("before the call sends nothing and is no RequestError", async () => {
    const send = await start([{ body: {} }]);
    expect(await rejection(send(AbortSignal.abort()))).toMatchObject({ name: "AbortError" });
    expect(server.received).toHaveLength(0);
  });

  it("ends a call that is under way, without another attempt", async () => {
    const aborter = new AbortController();
    server = await startLoopback(() => {
      aborter.abort(new Error("out of time"));
      return "silence";
    });
    const options = { timeoutMs: 20_000, retries: 2, maxWaitMs: 20_000 };
    const http = createHttp({ service: "port", userAgent: "test/1", ...options });
    const sent = http.send({ method: "GET", url: server.url, operation: "GET /", signal: aborter.signal });
    expect(await rejection(sent)).toMatchObject({ message: "out of time" });
    expect(server.received).toHaveLength(1);
  });

  it("ends a wait between two attempts", async () => {
    const aborter = new AbortController();
    const send = await start([{ status: 503, headers: { "retry-after": "15" } }], {
      afterAttempt: () => {
        setImmediate(() => aborter.abort());
        return undefined;
      },
    });
    expect(await rejection(send(aborter.signal))).toMatchObject({ name: "AbortError" });
    expect(server.received).toHaveLength(1);
  });
});
