import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createBitbucketClient } from "../../lib/bitbucket/client.ts";
import { type Loopback, type Reply, startLoopback } from "../support/loopback.ts";
import { failureOf, objectOf, rejection } from "../support/rejection.ts";

let server: Loopback;
let answer: (index: number) => Reply | "silence";
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  server = await startLoopback((_, index) => answer(index));
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

const exceptionName = "com.atlassian.bitbucket.auth.IncorrectPasswordAuthenticationException";
const refused: Reply = { status: 401, body: { errors: [{ exceptionName }] } };
const fine: Reply = { body: { key: "A" } };
const client = (signal?: AbortSignal, authorization = "Basic YTpi") =>
  createBitbucketClient(
    { host: server.url, authorization, concurrency: 8 },
    { maxWaitMs: 0, retries: 0, timeoutMs: 5_000, signal: () => signal },
  );
const project = { kind: "project", key: "A" } as const;
const passes = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);

test("a container that is called every 30 s logs in again once the account is unlocked", async () => {
  answer = () => refused;
  const bitbucket = client();
  for (let call = 0; call < 3; call++) await failureOf(objectOf(bitbucket.find(project)));
  answer = () => fine;
  const found: unknown[] = [];
  for (let call = 0; call < 4; call++) {
    passes(30);
    found.push(await objectOf(bitbucket.find(project)).catch(() => "refused"));
  }
  expect(found).toEqual(["refused", { key: "A" }, { key: "A" }, { key: "A" }]);
});

test("thirty calls at once send one refused log-in, and all of them say what is wrong", async () => {
  answer = () => refused;
  const bitbucket = client();
  const calls = Array.from({ length: 30 }, () => rejection(objectOf(bitbucket.find(project))));
  for (const error of await Promise.all(calls)) expect(String(error)).toMatch(/BITBUCKET_PASSWORD/);
  expect(server.received.length).toBeLessThanOrEqual(3);
});

test("no more than three refused log-ins are sent in a minute, whatever is called", async () => {
  answer = () => refused;
  const bitbucket = client();
  for (let second = 0; second < 59; second++) {
    await Promise.all(Array.from({ length: 10 }, () => rejection(objectOf(bitbucket.find(project)))));
    passes(1);
  }
  expect(server.received).toHaveLength(3);
});

test("clients that a container makes for each invocation know of each other's refusals", async () => {
  answer = () => refused;
  for (let invocation = 0; invocation < 10; invocation++) await rejection(objectOf(client().find(project)));
  expect(server.received).toHaveLength(3);
  answer = () => fine;
  expect(await objectOf(client(undefined, "Basic YTpuZXc=").find(project))).toEqual({ key: "A" });
  passes(60);
  expect(await objectOf(client().find(project))).toEqual({ key: "A" });
});

test("a log-in that is refused while many calls are made is tried by two of the next ones at most", async () => {
  answer = () => fine;
  const bitbucket = client();
  await objectOf(bitbucket.find(project));
  answer = () => refused;
  await Promise.all(Array.from({ length: 30 }, () => rejection(objectOf(bitbucket.find(project)))));
  // The first, and those that were under way together, as many as may be.
  expect(server.received.length).toBeLessThanOrEqual(1 + 8 + 2);
});

test("once a log-in was accepted calls are made side by side", async () => {
  answer = () => fine;
  const bitbucket = client();
  const calls = Array.from({ length: 30 }, () => objectOf(bitbucket.find(project)));
  expect(await Promise.all(calls)).toHaveLength(30);
  expect(server.received).toHaveLength(30);
});

test("a first call that gets no word on the log-in leaves it to the next one", async () => {
  answer = (index) => (index === 0 ? { status: 503, body: "<html></html>" } : fine);
  const bitbucket = client();
  const calls = Array.from({ length: 5 }, () => objectOf(bitbucket.find(project)).catch(() => "failed"));
  expect(await Promise.all(calls)).toEqual(["failed", ...Array(4).fill({ key: "A" })]);
});

test("who waits for another's log-in is not held beyond its own time", async () => {
  const bitbucket = client(AbortSignal.timeout(100));
  answer = () => "silence";
  const calls = Array.from({ length: 3 }, () => rejection(objectOf(bitbucket.find(project))));
  for (const error of await Promise.all(calls)) expect(error).toMatchObject({ name: "TimeoutError" });
  expect(server.received).toHaveLength(1);
});
