import { expect, test } from "vitest";
import type { Address } from "../../lib/bitbucket/address.ts";
import type { BitbucketEvent } from "../../lib/bitbucket/events.ts";
import type { JsonObject } from "../../lib/json.ts";
import { readMessage } from "../../lib/live/consume.ts";
import { answerBatch } from "../../lib/queue/batch-response.ts";
import { liveMessage, maxMessageBytes } from "../../lib/queue/live-message.ts";
import { createQueue } from "../../lib/queue/queue.ts";
import { groupId } from "../../lib/queue/sqs-id.ts";
import { understood } from "../support/live.ts";
import { event, project, pullRequest, repository } from "../support/payloads.ts";
import { startQueueHarness } from "../support/queues.ts";

const received = (id: string) => ({
  id,
  body: "{}",
  receiptHandle: `handle-${id}`,
  groupId: "a",
  receiveCount: 1,
  sentAt: 0,
});

test("a message that cannot be hidden stays all the same", async () => {
  const sqs = await startQueueHarness();
  const nowhere = createQueue(sqs.queues.client, `${sqs.queues.urls["LiveQueue"]}-that-is-not-there`);
  const settled = await answerBatch([received("1")], [{ type: "retry" }], { live: nowhere, dead: sqs.dead });
  await sqs.close();
  expect(settled).toEqual({ retained: ["1"], deadLettered: 0 });
});

test("a message that nobody gave an outcome stays", async () => {
  const sqs = await startQueueHarness();
  const settled = await answerBatch([received("1")], [], sqs);
  await sqs.close();
  expect(settled.retained).toEqual(["1"]);
});

/** What the consumer makes of an event whose payload is too large for the queue. */
function referenceOf(payload: JsonObject): BitbucketEvent {
  const body = JSON.stringify({ ...payload, filler: "x".repeat(maxMessageBytes) });
  const message = liveMessage(understood(payload), body, "delivery", 1);
  const read = readMessage(message.body, 1);
  if (!("event" in read)) throw new Error(`no event: ${JSON.stringify(read)}`);
  return read.event;
}

test("a push that is too large for the queue names its commits", () => {
  const changes = [{ toHash: "a".repeat(40) }, { toHash: "b".repeat(40) }];
  const read = referenceOf(
    event("repo:refs_changed", { repository: repository("PRJ", "app"), changes }),
  ).change;
  expect(read).toMatchObject({ type: "see", hashes: ["a".repeat(40), "b".repeat(40)] });
  expect(read).not.toHaveProperty("object");
});

test("a push that is too large for the queue names its branches, and one that was queued before may not", () => {
  const changes = [{ refId: "refs/heads/main", fromHash: "a".repeat(40), toHash: "b".repeat(40) }];
  const push = event("repo:refs_changed", { repository: repository("PRJ", "app"), changes });
  const branches = [{ id: "refs/heads/main", from: "a".repeat(40), to: "b".repeat(40) }];
  expect(referenceOf(push).change).toMatchObject({ branches });
  const change = { type: "see", address: { kind: "repository", key: "PRJ", slug: "app" }, hashes: ["b"] };
  const older = { deliveryId: "d", acceptedAt: 1, reference: { key: "repo:refs_changed", date: 1, change } };
  expect(readMessage(JSON.stringify(older), 1)).toMatchObject({ event: { change } });
});

test("a change that is too large for the queue says where the object was", () => {
  const renamed = event("project:modified", { old: project("OLD"), new: project("NEW") });
  expect(referenceOf(renamed).change).toMatchObject({ address: { key: "NEW" }, old: { key: "OLD" } });
  expect(referenceOf(event("pr:opened", { pullRequest: pullRequest(1) })).change).toMatchObject({
    type: "update",
    address: { id: 1 },
  });
});

test("messages of one object are of one group, whose name SQS takes", () => {
  const slug = "long-".repeat(30);
  const group = (address: Address, object?: JsonObject) =>
    groupId({ address, ...(object === undefined ? {} : { object }) });
  expect(group({ kind: "project", key: "PRJ" })).toBe("project:prj");
  expect(group({ kind: "repository", key: "~JDOE", slug: "App" })).toBe("repository:~jdoe/app");
  expect(group({ kind: "pull-request", key: "PRJ", slug: "app", id: 7 })).toBe("pull-request:prj/app/7");
  expect(group({ kind: "pull-request", key: "PRJ", slug, id: 7 })).toMatch(/^[0-9a-f]{64}$/);
  expect(group({ kind: "repository", key: "~Jürgen", slug: "app" })).toMatch(/^[0-9a-f]{64}$/);
  expect(group({ kind: "repository", key: "PRJ", slug: "app" }, { id: "7" })).toBe("repository:prj/app");
});

test("an object's group stays the same when it is renamed or moved", () => {
  const groupOf = (payload: JsonObject) => groupId(understood(payload).change);
  const before = { ...repository("PRJ", "app"), id: 77 };
  const after = { ...repository("NEW", "core"), id: 77 };
  const of = (repo: JsonObject) => [
    groupOf(event("repo:modified", { old: before, new: repo })),
    groupOf(event("repo:refs_changed", { repository: repo, changes: [] })),
    groupOf(event("pr:opened", { pullRequest: pullRequest(7, {}, repo) })),
    groupOf(event("pr:deleted", { pullRequest: pullRequest(7, {}, repo) })),
    groupOf(event("project:modified", { old: project("PRJ"), new: { ...project("X"), id: 5 } })),
  ];
  expect(of(before)).toEqual(of(after));
  expect(of(before)).toEqual([
    "repository:#77",
    "repository:#77",
    "pull-request:#77/7",
    "pull-request:#77/7",
    "project:#5",
  ]);
});

test("an event that the sync has no use for is done, wherever it came from", () => {
  const message = { deliveryId: "a", acceptedAt: 1, payload: { eventKey: "repo:watched" } };
  expect(readMessage(JSON.stringify(message), 1)).toEqual({ type: "done" });
});
