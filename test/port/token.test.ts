import { afterEach, describe, expect, it } from "vitest";
import { createHttp } from "../../lib/http/client.ts";
import { createToken } from "../../lib/port/token.ts";
import { type Behaviour, type Loopback, startLoopback } from "../support/loopback.ts";
import { failureOf, rejection } from "../support/rejection.ts";

let server: Loopback;
let now = 0;
afterEach(() => server.close());

/** Answers the tokens `t0`, `t1`, … unless told otherwise. */
async function start(answer: (index: number) => Behaviour = () => ({}), expiresIn = 3600) {
  now = 1_000_000;
  server = await startLoopback((_, index) => {
    const behaviour = answer(index);
    if (typeof behaviour === "string" || Object.keys(behaviour).length > 0) return behaviour;
    return { body: { ok: true, accessToken: `t${index}`, expiresIn, tokenType: "Bearer" } };
  });
  const http = createHttp({
    service: "port",
    userAgent: "test/1",
    timeoutMs: 5_000,
    retries: 1,
    maxWaitMs: 1_000,
  });
  return createToken(http, { apiUrl: server.url, clientId: "client", clientSecret: "hush" }, () => now);
}

describe("the token", () => {
  it("is asked for with the credentials", async () => {
    expect(await (await start()).get()).toBe("Bearer t0");
    const [call] = server.received;
    expect(call).toMatchObject({ method: "POST", path: "/auth/access_token" });
    expect(call?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(call?.body ?? "")).toEqual({ clientId: "client", clientSecret: "hush" });
    expect(call?.headers.authorization).toBeUndefined();
  });

  it("is used until a minute before it expires", async () => {
    const token = await start();
    await token.get();
    now += 3_539_999;
    expect(await token.get()).toBe("Bearer t0");
    now += 1;
    expect(await token.get()).toBe("Bearer t1");
  });

  it("with a short life is used for nine tenths of it", async () => {
    const token = await start(undefined, 10);
    await token.get();
    now += 8_999;
    expect(await token.get()).toBe("Bearer t0");
    now += 1;
    expect(await token.get()).toBe("Bearer t1");
  });

  it("that has no life left is asked for again each time, and does not loop", async () => {
    const token = await start(undefined, 0);
    expect([await token.get(), await token.get()]).toEqual(["Bearer t0", "Bearer t1"]);
  });

  it("is asked for once by many at a time", async () => {
    const token = await start();
    const all = await Promise.all(Array.from({ length: 20 }, () => token.get()));
    expect(new Set(all)).toEqual(new Set(["Bearer t0"]));
    expect(server.received).toHaveLength(1);
  });

  it("that was refused is asked for again", async () => {
    const token = await start();
    const old = await token.get();
    expect(await token.renew(old)).toMatchObject({ value: "Bearer t1", isFirst: true });
  });

  it("stays when an older one is refused", async () => {
    const token = await start();
    const old = await token.get();
    (await token.renew(old)).done();
    expect(await token.renew(old)).toMatchObject({ value: "Bearer t1", isFirst: false });
    expect(await token.get()).toBe("Bearer t1");
    expect(server.received).toHaveLength(2);
  });

  it("is asked for once when many find the old one refused, one after the other", async () => {
    const token = await start();
    const old = await token.get();
    const first = token.renew(old);
    const others = Array.from({ length: 5 }, () => token.renew(old));
    (await first).done();
    const all = await Promise.all([first, ...others]);
    expect(new Set(all.map(({ value }) => value))).toEqual(new Set(["Bearer t1"]));
    expect(all.map(({ isFirst }) => isFirst)).toEqual([true, false, false, false, false, false]);
    expect(server.received).toHaveLength(2);
  });
});

describe("a renewed token", () => {
  it("is kept from all others until the first call with it is done", async () => {
    const token = await start();
    const { value, done } = await token.renew(await token.get());
    let others = 0;
    const waiting = [token.get(), token.get()].map(async (it) => {
      await it;
      others++;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(others).toBe(0);
    done();
    await Promise.all(waiting);
    expect(await token.get()).toBe(value);
  });

  it("that does not come lets the others try", async () => {
    const token = await start((index) => (index === 1 ? { status: 401, body: {} } : {}));
    const old = await token.get();
    await rejection(token.renew(old));
    expect(await token.renew(old)).toMatchObject({ value: "Bearer t2" });
  });
});

describe("when there is no token", () => {
  it.each([400, 401, 403, 404, 422])(
    "because of a %i, nobody tries again and it says what to look at",
    async (status) => {
      const token = await start(() => ({ status, body: { ok: false, error: "refused" } }));
      const error = await rejection(token.get());
      expect(error).toMatchObject({
        failure: { service: "port", operation: "POST /auth/access_token", status: 401, code: "refused" },
      });
      expect(String(error)).toMatch(/PORT_CLIENT_ID and PORT_CLIENT_SECRET .* PORT_API_URL/);
      expect(String(error)).not.toContain("hush");
      expect(server.received).toHaveLength(1);
    },
  );

  it("because of an outage, it is tried again, and then it is an outage", async () => {
    const token = await start((index) => (index < 2 ? { status: 503, headers: { "retry-after": "0" } } : {}));
    expect(await failureOf(token.get())).toMatchObject({ status: 503 });
    expect(server.received).toHaveLength(2);
    expect(await token.get()).toBe("Bearer t2");
  });

  it("because of a lost connection, it is tried again", async () => {
    const token = await start((index) => (index === 0 ? "reset" : {}));
    expect(await token.get()).toBe("Bearer t1");
  });

  it("because nobody answers, the failure has no status", async () => {
    const token = await start(() => "reset");
    expect((await failureOf(token.get())).status).toBeUndefined();
  });

  it.each<[unknown]>([
    [{ ok: true }],
    [{ accessToken: 5, expiresIn: 5 }],
    [{ accessToken: "x", expiresIn: "1h" }],
    [[]],
  ])("because the answer was %j, it says so", async (body) => {
    const token = await start(() => ({ body }));
    expect(await failureOf(token.get())).toMatchObject({ code: "no_token" });
  });

  it("because the time was up, the next one asks anew", async () => {
    const token = await start();
    expect(await rejection(token.get(AbortSignal.abort()))).toMatchObject({ name: "AbortError" });
    expect(await token.get()).toBe("Bearer t0");
  });
});
