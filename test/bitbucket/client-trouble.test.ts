import { afterEach, describe, expect, it } from "vitest";
import { describeError } from "../../lib/aws/log.ts";
import type { Address } from "../../lib/bitbucket/address.ts";
import { createBitbucketClient } from "../../lib/bitbucket/client.ts";
import { parseConfig } from "../../lib/config/parse.ts";
import type { ClientOptions } from "../../lib/http/service-client.ts";
import { type Behaviour, inTurn, type Loopback, startLoopback } from "../support/loopback.ts";
import { failureOf, objectOf, rejection } from "../support/rejection.ts";

let server: Loopback;
afterEach(() => server.close());

async function start(behaviours: Behaviour[], options: Partial<ClientOptions> = {}) {
  server = await startLoopback(inTurn(...behaviours));
  const client = createBitbucketClient(
    { host: server.url, authorization: "Bearer hush-hush", concurrency: 8 },
    { maxWaitMs: 1_000, ...options },
  );
  return { client, read: () => objectOf(client.find(address)) };
}
const address: Address = { kind: "pull-request", key: "~ann", slug: "app", id: 7 };
const there = { id: 7, toRef: { repository: { slug: "app", project: { key: "~ann" } } } };
const limited = { errors: [{ context: null, message: "slow down", exceptionName: null }] };
const captcha = "com.atlassian.bitbucket.auth.CaptchaRequiredAuthenticationException";

describe("Bitbucket's client", () => {
  it.each([401, 403])("asks once when refused with %i: failed log-ins lock the account", async (status) => {
    const body = { errors: [{ message: "no", exceptionName: captcha }] };
    const { read } = await start([{ status, headers: { "retry-after": "0" }, body }, { body: {} }]);
    expect(await failureOf(read())).toMatchObject({
      status,
      operation: "GET pull-request",
      code: "CaptchaRequiredAuthenticationException",
    });
    expect(server.received).toHaveLength(1);
  });

  it("asks again after 503 and after a lost connection", async () => {
    const { client, read } = await start([
      { status: 503, headers: { "retry-after": "0" } },
      "reset",
      { body: there },
    ]);
    expect(await read()).toEqual(there);
    expect(client.calls()).toBe(3);
  });

  it("gives up after two repetitions", async () => {
    const { read } = await start([{ status: 503, headers: { "retry-after": "0" } }]);
    expect(await failureOf(read())).toMatchObject({ status: 503 });
    expect(server.received).toHaveLength(3);
  });

  it("waits as long as the rate limit says", async () => {
    const { read } = await start([
      { status: 429, headers: { "retry-after": "1" }, body: limited },
      { body: there },
    ]);
    expect(await read()).toEqual(there);
  });

  it("leaves a longer wait to the queue", async () => {
    const { read } = await start([{ status: 429, headers: { "retry-after": "5" }, body: limited }]);
    expect(await failureOf(read())).toMatchObject({ status: 429, retryAfterMs: 5_000 });
    expect(server.received).toHaveLength(1);
  });

  it("follows no redirect, so that the credentials stay with the host", async () => {
    const { read } = await start([{ status: 302, headers: { location: "/login" } }, { body: {} }]);
    expect(await failureOf(read())).toMatchObject({ status: 302 });
    expect(server.received).toHaveLength(1);
  });

  it("gives up on an answer that does not come", async () => {
    const { read } = await start(["silence"], { timeoutMs: 50, retries: 0 });
    expect(await failureOf(read())).toMatchObject({ code: "TimeoutError" });
  });

  it("ends with its signal", async () => {
    const { read } = await start([{ body: {} }], { signal: () => AbortSignal.abort() });
    expect(await rejection(read())).toMatchObject({ name: "AbortError" });
    expect(server.received).toHaveLength(0);
  });

  it("tells neither credentials nor names in its errors", async () => {
    const { read } = await start([{ status: 409, body: { errors: [{ message: "ann@example.org" }] } }]);
    const error = await rejection(read());
    expect(JSON.stringify([String(error), error, describeError(error)])).not.toMatch(/hush|ann|app|127\.0/);
  });

  it("logs in with a name and a password where there is no token", async () => {
    server = await startLoopback(() => ({ body: {} }));
    const { bitbucket } = parseConfig({
      PORT_CLIENT_ID: "i",
      PORT_CLIENT_SECRET: "s",
      BITBUCKET_HOST: `${server.url}/ctx/`,
      BITBUCKET_USERNAME: "svc",
      BITBUCKET_PASSWORD: "pass",
    });
    if (bitbucket === undefined) throw new Error("no Bitbucket");
    await createBitbucketClient(bitbucket, { maxWaitMs: 0 }).find(address);
    expect(server.received[0]?.headers.authorization).toBe("Basic c3ZjOnBhc3M=");
    expect(server.received[0]?.path).toBe("/ctx/rest/api/1.0/projects/~ann/repos/app/pull-requests/7");
  });
});
