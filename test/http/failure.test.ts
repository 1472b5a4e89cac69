import { afterEach, describe, expect, it } from "vitest";
import { describeError } from "../../lib/aws/log.ts";
import { RequestError } from "../../lib/errors.ts";
import { createHttp } from "../../lib/http/client.ts";
import type { HttpRequest } from "../../lib/http/request.ts";
import { retryAfterMs } from "../../lib/http/retry-after.ts";
import { type Behaviour, inTurn, type Loopback, startLoopback } from "../support/loopback.ts";
import { failureOf, rejection } from "../support/rejection.ts";

let server: Loopback | undefined;
afterEach(() => server?.close());

async function start(behaviour: Behaviour, timeoutMs = 5_000) {
  server = await startLoopback(inTurn(behaviour));
  const { url } = server;
  const http = createHttp({ service: "port", userAgent: "test/1", timeoutMs, retries: 0, maxWaitMs: 10 });
  return (request: Partial<HttpRequest> = {}) =>
    http.send({
      method: "GET",
      url: `${url}/people/ann@example.org`,
      operation: "GET /people/{id}",
      ...request,
    });
}

describe("a request", () => {
  it("says who sends it and that JSON is wanted", async () => {
    const send = await start({ body: {} });
    await send();
    expect(server?.received[0]?.headers).toMatchObject({
      "user-agent": "test/1",
      accept: "application/json",
    });
  });

  it("takes an empty body for an answer without JSON", async () => {
    const send = await start({ status: 204 });
    expect(await send()).toMatchObject({ status: 204, text: "", json: undefined });
  });

  it("takes any text when plain text is asked for", async () => {
    const send = await start({ body: "# Read me\n" });
    expect((await send({ plain: true })).text).toBe("# Read me\n");
  });
});

describe("a failure", () => {
  it("has the trace id and Port's error code", async () => {
    const body = { ok: false, error: "not_found", message: "no entity ann@example.org" };
    const send = await start({ status: 404, headers: { "x-trace-id": "trace-1" }, body });
    expect(await failureOf(send())).toEqual({
      service: "port",
      operation: "GET /people/{id}",
      status: 404,
      code: "not_found",
      traceId: "trace-1",
      retryAfterMs: undefined,
    });
  });

  it("has the last part of Bitbucket's exception name", async () => {
    const exceptionName = "com.atlassian.bitbucket.pull.NoSuchPullRequestException";
    const send = await start({
      status: 404,
      body: { errors: [{ context: null, message: "x", exceptionName }] },
    });
    expect(await failureOf(send())).toMatchObject({ code: "NoSuchPullRequestException" });
  });

  it.each([
    ["free text for an error", { error: "no user ann@example.org" }],
    ["no exception name", { errors: [{ message: "x", exceptionName: null }] }],
    ["no JSON", "<html>Bad gateway</html>"],
  ])("has no code where there is %s", async (_, body) => {
    const send = await start({ status: 409, body });
    expect((await failureOf(send())).code).toBeUndefined();
  });

  it("says that a page came where JSON was due", async () => {
    const send = await start({ status: 200, body: "<html>log in</html>" });
    expect(await failureOf(send())).toMatchObject({ status: 200, code: "not_json" });
  });

  it.each<[Behaviour, string]>([
    ["silence", "TimeoutError"],
    ["stall", "TimeoutError"],
    ["trickle", "TimeoutError"],
  ])("has no status after %s", async (behaviour, code) => {
    const failure = await failureOf((await start(behaviour, 100))());
    expect(failure).toEqual({ service: "port", operation: "GET /people/{id}", code });
  });

  it("comes of a file that trickles in, too", async () => {
    const failure = await failureOf((await start("trickle", 100))({ plain: true, maxBytes: 1_000_000 }));
    expect(failure).toMatchObject({ code: "TimeoutError" });
  });

  it("comes of a body beyond all measure, before it fills the memory", async () => {
    const failure = await failureOf((await start("flood", 30_000))());
    expect(failure).toMatchObject({ status: 200, code: "too_large" });
  });

  it("has the network's code when nobody listens", async () => {
    const send = await start({});
    await server?.close();
    expect(await failureOf(send())).toMatchObject({ code: "ECONNREFUSED" });
  });

  it("has the network's code when the connection breaks", async () => {
    expect((await failureOf((await start("reset"))())).code).toMatch(/^(ECONNRESET|UND_ERR_SOCKET)$/);
  });

  it("tells nothing of what was sent or answered, neither itself nor in the log", async () => {
    const body = { error: "bad", message: "ann@example.org is not wanted", exceptionName: "a.B" };
    const send = await start({ status: 422, body });
    const error = await rejection(
      send({
        method: "POST",
        body: '{"mail":"ann@example.org"}',
        headers: { authorization: "Bearer top-secret" },
      }),
    );
    expect(error).toBeInstanceOf(RequestError);
    const told = JSON.stringify([String(error), error, describeError(error)]);
    expect(told).not.toMatch(/ann|example\.org|top-secret|127\.0\.0\.1/);
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2024-05-01T10:00:00Z");
  it.each([
    ["120", 120_000],
    ["0", undefined],
    ["0.25", 250],
    ["Wed, 01 May 2024 10:00:30 GMT", 30_000],
    ["Wed, 01 May 2024 09:00:00 GMT", undefined],
    ["Wednesday, 01-May-24 10:00:30 GMT", 30_000],
    ["Wed May  1 10:00:30 2024", undefined],
    ["2024-05-01T10:00:05Z", 5_000],
    ["soon", undefined],
    ["", undefined],
  ])("of %o is %o ms", (value, expected) => {
    expect(retryAfterMs(new Headers({ "retry-after": value }), now)).toBe(expected);
  });

  it("need not be there", () => {
    expect(retryAfterMs(new Headers())).toBeUndefined();
  });
});
