import { afterEach, describe, expect, it } from "vitest";
import { createHttp, type HttpOptions } from "../../lib/http/client.ts";
import type { HttpRequest } from "../../lib/http/request.ts";
import { type Behaviour, inTurn, type Loopback, startLoopback } from "../support/loopback.ts";
import { failureOf } from "../support/rejection.ts";

let server: Loopback;
afterEach(() => server.close());

const settings: HttpOptions = {
  service: "port",
  userAgent: "test/1",
  timeoutMs: 5_000,
  retries: 2,
  maxWaitMs: 2_000,
};
const soon = { "retry-after": "0" };

async function start(behaviours: Behaviour[], options: Partial<HttpOptions> = {}) {
  server = await startLoopback(inTurn(...behaviours));
  const http = createHttp({ ...settings, ...options });
  const send = (request: Partial<HttpRequest> = {}) =>
    http.send({ method: "GET", url: `${server.url}/thing`, operation: "GET /thing", ...request });
  return { http, send };
}

describe("a call is repeated", () => {
  it.each([408, 429, 500, 502, 503, 504])("after a %i", async (status) => {
    const { http, send } = await start([{ status, headers: soon }, { body: { fine: true } }]);
    expect((await send()).json).toEqual({ fine: true });
    expect([server.received.length, http.calls()]).toEqual([2, 2]);
  });

  it("after a lost connection", async () => {
    const { send } = await start(["reset", { body: [1] }]);
    expect((await send()).json).toEqual([1]);
  });

  it.each(["silence", "stall", "trickle"] as const)(
    "once after a time-out by %s, not more often",
    async (end) => {
      const { send } = await start([end, { body: "7" }, end, end, { body: "7" }], { timeoutMs: 150 });
      expect((await send()).json).toBe(7);
      expect(await failureOf(send())).toMatchObject({ code: "TimeoutError" });
      expect(server.received).toHaveLength(4);
    },
  );

  it("not at all after a time-out where the queue has more time", async () => {
    const { send } = await start(["silence"], { timeoutMs: 150, retriesWhenSlow: 0 });
    expect(await failureOf(send())).toMatchObject({ code: "TimeoutError" });
    expect(server.received).toHaveLength(1);
  });

  it("after a 200 that is a proxy's page instead of JSON", async () => {
    const page = { status: 200, headers: soon, body: "<html>one moment</html>" };
    const { send } = await start([page, { body: {} }]);
    expect((await send()).json).toEqual({});
  });

  it("with the same method, headers and body", async () => {
    const { send } = await start([{ status: 503, headers: soon }, {}]);
    await send({ method: "POST", body: '{"a":"ü"}', headers: { "x-own": "1" } });
    const [first, second] = server.received;
    expect([first?.method, first?.body, first?.headers["x-own"]]).toEqual(["POST", '{"a":"ü"}', "1"]);
    expect([second?.method, second?.body, second?.headers["x-own"]]).toEqual(["POST", '{"a":"ü"}', "1"]);
  });

  it("no more often than allowed, and then fails with the last answer", async () => {
    const { http, send } = await start([
      { status: 503, headers: soon },
      { status: 502, headers: soon },
    ]);
    expect(await failureOf(send())).toMatchObject({ status: 502 });
    expect(http.calls()).toBe(3);
  });

  it("never when no retries are allowed", async () => {
    const { http, send } = await start([{ status: 503, headers: soon }], { retries: 0 });
    expect(await failureOf(send())).toMatchObject({ status: 503 });
    expect(http.calls()).toBe(1);
  });
});

describe("a call is made once", () => {
  it.each([400, 401, 403, 404, 409, 413, 415, 422])("when refused with %i", async (status) => {
    const { send } = await start([{ status, headers: soon, body: {} }, {}]);
    expect(await failureOf(send())).toMatchObject({ status });
    expect(server.received).toHaveLength(1);
  });

  it.each([301, 302, 307])("when redirected with %i, and the target gets nothing", async (status) => {
    const { send } = await start([{ status, headers: { location: "/elsewhere" } }, { body: {} }]);
    expect(await failureOf(send({ headers: { authorization: "Bearer secret" } }))).toMatchObject({ status });
    expect(server.received.map((call) => call.path)).toEqual(["/thing"]);
  });

  it("when the status is one of those that the caller takes for an answer", async () => {
    const { send } = await start([{ status: 404, body: { gone: true } }]);
    expect(await send({ accept: [404] })).toMatchObject({ status: 404, json: { gone: true } });
    expect(server.received).toHaveLength(1);
  });
});

describe("around each attempt", () => {
  it("the pace is asked, and each answer's headers are shown to it", async () => {
    const seen: string[] = [];
    const { send } = await start(
      [
        { status: 503, headers: { ...soon, "x-left": "1" } },
        { body: {}, headers: { "x-left": "0" } },
      ],
      {
        around: async (attempt) => {
          seen.push("before");
          return attempt();
        },
        afterAttempt: (headers) => void seen.push(`left ${headers.get("x-left")}`),
      },
    );
    await send();
    expect(seen).toEqual(["before", "left 1", "before", "left 0"]);
  });

  it("the pace can refuse, and then nothing is sent", async () => {
    const { http, send } = await start([{}], { around: () => Promise.reject(new Error("not now")) });
    await expect(send()).rejects.toThrow("not now");
    expect([http.calls(), server.received.length]).toEqual([0, 0]);
  });
});
