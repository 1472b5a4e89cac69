import { expect, test } from "vitest";
import { RequestError, UnprocessableError } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { observeEvent } from "../../lib/live/observe-event.ts";
import type { PortClient } from "../../lib/port/client.ts";
import type { Entity } from "../../lib/port/entity.ts";
import { addCounts, total, zeroCounts } from "../../lib/sync/counts.ts";
import { observePullRequest } from "../../lib/sync/observe.ts";
import { createOutcomeCollector, failureFrom } from "../../lib/sync/outcomes.ts";
import { withoutDangling } from "../../lib/sync/relations.ts";
import { chunksOf, maxBytesPerCall, upsertAll } from "../../lib/sync/upsert.ts";
import { pullRequest, repository } from "../support/payloads.ts";

const entity = (identifier: string, properties: JsonObject = {}): Entity => ({
  identifier,
  blueprint: "b",
  properties,
  relations: {},
});

test("calls hold at most twenty entities and a mebibyte", () => {
  const many = Array.from({ length: 45 }, (_, index) => entity(String(index)));
  expect(chunksOf(many).map((chunk) => chunk.length)).toEqual([20, 20, 5]);
  const large = Array.from({ length: 5 }, (_, index) => entity(String(index), { text: "x".repeat(400_000) }));
  expect(chunksOf(large).map((chunk) => chunk.length)).toEqual([2, 2, 1]);
  for (const chunk of chunksOf(large)) expect(JSON.stringify(chunk).length).toBeLessThan(maxBytesPerCall);
  expect(chunksOf([])).toEqual([]);
});

test("an error that is not Port's is not taken for an answer", async () => {
  const port = { upsert: () => Promise.reject(new TypeError("a bug")) } as unknown as PortClient;
  await expect(upsertAll(port, [entity("a")], false)).rejects.toThrow("a bug");
});

test("a permanent failure outweighs passing ones, the longest wait counts", () => {
  const collector = createOutcomeCollector();
  collector.fail([0, 1], { permanent: false, reason: "503", retryAfterMs: 5 });
  collector.fail([0], { permanent: false, reason: "429", retryAfterMs: 9 });
  collector.fail([1], { permanent: true, reason: "no identifier" });
  collector.again([0, 2]);
  expect([0, 1, 2, 3].map((source) => collector.outcome(source))).toEqual([
    { type: "retry", reason: "503", retryAfterMs: 9 },
    { type: "dead", reason: "no identifier" },
    { type: "again" },
    { type: "done" },
  ]);
});

test("what an error means for a message", () => {
  expect(failureFrom(new UnprocessableError("needs_bitbucket", "…"))).toEqual({
    permanent: true,
    reason: "needs_bitbucket",
  });
  const refusedRead = new RequestError({
    service: "port",
    operation: "POST search",
    status: 422,
    code: "invalid_request",
  });
  expect(failureFrom(refusedRead)).toMatchObject({ permanent: false, reason: "port 422 invalid_request" });
  const late = new DOMException("late", "TimeoutError");
  expect(failureFrom(late)).toEqual({ permanent: false, reason: "out of time" });
  expect(failureFrom(new TypeError("a bug"))).toEqual({ permanent: false, reason: "unexpected error" });
});

test("counts add up", () => {
  const [counts, more] = [zeroCounts(), zeroCounts()];
  more.user.created = 2;
  more.project.created = 3;
  addCounts(counts, more);
  addCounts(counts, more);
  expect(total(counts, "created")).toBe(10);
});

test("only the relations that lead nowhere are taken out", () => {
  const own: Entity = { ...entity("a"), relations: { one: "x", many: ["x", "y"], other: "x", none: null } };
  const targetOf = (_: string, relation: string) => (relation === "other" ? undefined : "t");
  expect(withoutDangling(own, new Set(["t\nx"]), targetOf).relations).toEqual({
    one: null,
    many: ["y"],
    other: "x",
    none: null,
  });
  expect(withoutDangling(own, new Set(["t\nz"]), targetOf)).toBe(own);
});

test("a pull request without half of what it should have still shows the other half", () => {
  const address = { kind: "pull-request", key: "PRJ", slug: "app", id: 1 } as const;
  const whole = observePullRequest(pullRequest(1), address, { order: 0 });
  expect(whole.map(({ kind }) => kind)).toEqual([
    "pull-request",
    "repository",
    "project",
    "user",
    "user",
    "user",
  ]);
  for (const broken of [
    { id: 1, toRef: { repository: { slug: "app", project: { key: "PRJ" } } } },
    { id: 1, toRef: null, author: null, reviewers: null, participants: [null, {}, { user: null }] },
    { id: 1, toRef: { repository: { slug: "app" } }, updatedDate: "soon", version: "one" },
  ] as JsonObject[]) {
    expect(observePullRequest(broken, address, { order: 0 })[0]).toMatchObject({
      kind: "pull-request",
      intent: "write",
    });
  }
});

test("events about repositories show them and their project", async () => {
  const address = { kind: "repository", key: "PRJ", slug: "app" } as const;
  const nothing = { readme: false, latestCommit: false };
  const see = async (object: JsonObject) =>
    (
      await observeEvent(
        {
          event: { key: "repo:forked", date: 1, change: { type: "see", address, object } },
          deliveryId: "d",
          acceptedAt: 1,
          deliveries: 1,
        },
        0,
        undefined,
        nothing,
      )
    )?.map(({ kind, intent }) => `${kind} ${intent}`);
  expect(await see(repository("PRJ", "app"))).toEqual(["repository ensure", "project ensure"]);
  expect(await see({ slug: "app", project: null })).toEqual([]);
});
