import { expect, test, vi } from "vitest";
import { RequestError, UnprocessableError } from "../../lib/errors.ts";
import { createOutcomeCollector, failureFrom, failureOf } from "../../lib/sync/outcomes.ts";
import { inPasses } from "../../lib/sync/passes.ts";
import { linesOf } from "../support/output.ts";

const away = { permanent: false, reason: "503" };
const refused = { permanent: true, reason: "422 invalid", status: 422 };

test("a message is done unless something is said of it", () => {
  const collector = createOutcomeCollector();
  expect(collector.outcome(0)).toEqual({ type: "done" });
  expect(collector.failed(0)).toBe(false);
});

test("a message that failed or is to be looked at again counts as failed, its neighbours do not", () => {
  const collector = createOutcomeCollector();
  collector.fail([0], away);
  collector.again([1]);
  expect([0, 1, 2].map(collector.failed)).toEqual([true, true, false]);
  expect([0, 1, 2].map((source) => collector.outcome(source).type)).toEqual(["retry", "again", "done"]);
});

test("what can never succeed is dead, with its status where it has one", () => {
  const collector = createOutcomeCollector();
  collector.fail([0, 1], away);
  collector.fail([0], refused);
  collector.fail([1], { permanent: true, reason: "no_identifier" });
  expect(collector.outcome(0)).toEqual({ type: "dead", reason: "422 invalid", status: 422 });
  const second = collector.outcome(1);
  expect(second).toEqual({ type: "dead", reason: "no_identifier" });
  expect(second).not.toHaveProperty("status");
});

test("what may succeed later waits for as long as the most patient asks, and says the first reason", () => {
  const collector = createOutcomeCollector();
  collector.fail([0, 1], away);
  collector.fail([0], { permanent: false, reason: "429", retryAfterMs: 7 });
  collector.fail([0], { permanent: false, reason: "429", retryAfterMs: 3 });
  expect(collector.outcome(0)).toEqual({ type: "retry", reason: "503", retryAfterMs: 7 });
  const second = collector.outcome(1);
  expect(second).toEqual({ type: "retry", reason: "503" });
  expect(second).not.toHaveProperty("retryAfterMs");
});

test.each([
  [
    { status: 422, code: "invalid" },
    { permanent: true, reason: "422 invalid", status: 422 },
  ],
  [{ status: 400 }, { permanent: true, reason: "400", status: 400 }],
  [{ status: 413 }, { permanent: true, reason: "413", status: 413 }],
  [
    { status: 429, retryAfterMs: 5 },
    { permanent: false, reason: "429", status: 429, retryAfterMs: 5 },
  ],
  [{ status: 404 }, { permanent: false, reason: "404", status: 404 }],
  [{ code: "no_answer" }, { permanent: false, reason: "no_answer" }],
])("the answer %j is the failure %j", (answer, failure) => {
  expect(failureOf(answer)).toEqual(failure);
});

const request = (service: "port" | "bitbucket", status: number, advice?: string) =>
  new RequestError({ service, operation: "GET x", status }, advice);

test.each([
  [new UnprocessableError("needs_bitbucket", "…"), { permanent: true, reason: "needs_bitbucket" }],
  [
    request("port", 404),
    { permanent: false, status: 404, reason: "port 404: a blueprint is missing, run setup" },
  ],
  [request("bitbucket", 404), { permanent: false, status: 404, reason: "bitbucket 404" }],
  [request("port", 403), { permanent: false, status: 403, reason: "port 403" }],
  [request("port", 400), { permanent: false, status: 400, reason: "port 400" }],
  [
    request("bitbucket", 401, "renew the token"),
    { permanent: false, status: 401, reason: "bitbucket 401: renew the token" },
  ],
  [new DOMException("late", "AbortError"), { permanent: false, reason: "out of time" }],
])("the error %s is no reason to give up, unless it speaks of the message", (error, failure) => {
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  expect(failureFrom(error)).toEqual(failure);
  expect(written).not.toHaveBeenCalled();
  written.mockRestore();
});

test("an error that nobody expects is named", () => {
  const lines = linesOf(() => {
    expect(failureFrom(new TypeError("a bug"))).toEqual({ permanent: false, reason: "unexpected error" });
  });
  expect(lines).toMatchObject([{ level: "error", message: "unexpected error", error: "TypeError" }]);
});

test("one pass is enough where everything is settled, and none for nothing", async () => {
  const seen: unknown[] = [];
  const outcomes = await inPasses(2, async ({ pending, createMissing }) => {
    seen.push({ pending, createMissing });
    return false;
  });
  expect(outcomes).toEqual([{ type: "done" }, { type: "done" }]);
  expect(seen).toEqual([{ pending: [0, 1], createMissing: false }]);
  expect(await inPasses(0, () => Promise.reject(new Error("not called")))).toEqual([]);
});

test("only what is not settled is looked at again, and bare entities are made from the first gap on", async () => {
  const seen: unknown[] = [];
  const outcomes = await inPasses(3, async ({ pending, collector, createMissing }) => {
    seen.push({ pending, createMissing });
    collector.fail([1], refused);
    if (seen.length < 3) collector.again([0, 2].slice(seen.length - 1));
    return seen.length === 1;
  });
  expect(seen).toEqual([
    { pending: [0, 1, 2], createMissing: false },
    { pending: [0, 2], createMissing: true },
    { pending: [2], createMissing: true },
  ]);
  expect(outcomes.map(({ type }) => type)).toEqual(["done", "dead", "done"]);
});

test("passes end, even when nothing gets settled", async () => {
  let passes = 0;
  const outcomes = await inPasses(3, async ({ pending, collector }) => {
    passes++;
    collector.again(pending);
    return true;
  });
  expect(passes).toBe(4);
  expect(outcomes).toEqual(Array(3).fill({ type: "retry", reason: "unsettled" }));
});

test("an error costs those that are not settled, with its reason", async () => {
  let passes = 0;
  const outcomes = await inPasses(2, async ({ collector }) => {
    if (++passes === 2) throw request("port", 503);
    collector.again([1]);
    return false;
  });
  expect(outcomes).toEqual([{ type: "done" }, { type: "retry", reason: "port 503" }]);
});
