import { expect, test } from "vitest";
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
  const read = readMessage(message.body);
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
  expect(groupId({ kind: "project", key: "PRJ" })).toBe("project:PRJ");
  expect(groupId({ kind: "repository", key: "PRJ", slug: "app" })).toBe("repository:PRJ/app");
  expect(groupId({ kind: "pull-request", key: "PRJ", slug: "app", id: 7 })).toBe("pull-request:PRJ/app/7");
  expect(groupId({ kind: "pull-request", key: "PRJ", slug, id: 7 })).toMatch(/^[0-9a-f]{64}$/);
  expect(groupId({ kind: "repository", key: "~Jürgen", slug: "app" })).toMatch(/^[0-9a-f]{64}$/);
});

test("an event that the sync has no use for is done, wherever it came from", () => {
  const message = { deliveryId: "a", acceptedAt: 1, payload: { eventKey: "repo:watched" } };
  expect(readMessage(JSON.stringify(message))).toEqual({ type: "done" });
});
