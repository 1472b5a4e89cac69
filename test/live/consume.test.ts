import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../lib/json.ts";
import { consume } from "../../lib/live/consume.ts";
import { liveMessage } from "../../lib/queue/live-message.ts";
import { type LiveHarness, startLive, understood } from "../support/live.ts";
import { event, pullRequest, start } from "../support/payloads.ts";
import { type QueueHarness, startQueueHarness } from "../support/queues.ts";

let live: LiveHarness;
let sqs: QueueHarness;
beforeEach(async () => {
  [live, sqs] = await Promise.all([startLive(), startQueueHarness()]);
});
afterEach(async () => {
  await Promise.all([live.close(), sqs.close()]);
});

let deliveries = 0;
async function enqueue(...payloads: JsonObject[]): Promise<void> {
  for (const payload of payloads) {
    const message = liveMessage(
      understood(payload),
      JSON.stringify(payload),
      `delivery-${deliveries++}`,
      Date.now(),
    );
    await sqs.live.send(message);
  }
}

const opened = (id: number, overrides = {}) =>
  event("pr:opened", { pullRequest: pullRequest(id, overrides) });
const consumeBatch = async () =>
  consume(await sqs.receive(), { ...live.context, live: sqs.live, dead: sqs.dead });

test("what is done leaves the queue, what is refused lies in the dead-letter queue with its reason", async () => {
  await enqueue(opened(1), opened(2, { state: "HALF" }), opened(3));
  expect(await consumeBatch()).toEqual([]);

  const [dead, ...more] = await sqs.peek("LiveDeadQueue");
  expect(more).toEqual([]);
  expect(dead?.Attributes?.MessageGroupId).toBe("pull-request:#1/2");
  expect(dead?.MessageAttributes).toMatchObject({
    reason: { StringValue: expect.stringContaining("422") },
    status: { StringValue: "422" },
  });
  expect(JSON.parse(dead?.Body ?? "")).toMatchObject({ payload: opened(2, { state: "HALF" }) });
  expect(live.simulator.entities("bitbucketPullrequest")).toHaveLength(2);
});

test("what is no message of this queue is dead-lettered, not lost and not tried again", async () => {
  await sqs.live.send({ body: "hello", groupId: "a", deduplicationId: "a" });
  await sqs.live.send({
    body: JSON.stringify({ deliveryId: "x", acceptedAt: 1, payload: { eventKey: "pr:opened" } }),
    groupId: "b",
    deduplicationId: "b",
  });
  expect(await consumeBatch()).toEqual([]);
  const reasons = (await sqs.peek("LiveDeadQueue")).map(
    (it) => it.MessageAttributes?.["reason"]?.StringValue,
  );
  expect(reasons.sort()).toEqual([
    "not a message of this queue",
    "the event does not say which object it is about",
  ]);
});

test("while Port is away messages stay, hidden for longer each time, and go through when it is back", async () => {
  await enqueue(opened(1));
  live.simulator.setIntercept(() => ({ status: 503, headers: { "retry-after": "0" }, body: "" }));
  const [first] = await sqs.receive();
  if (first === undefined) throw new Error("no message");
  const context = { ...live.context, live: sqs.live, dead: sqs.dead };
  expect(await consume([first], context)).toEqual([first.id]);
  expect(await sqs.receive()).toEqual([]);
  expect(await sqs.peek("LiveDeadQueue")).toEqual([]);

  live.simulator.setIntercept(undefined);
  expect(await consume([first], context)).toEqual([]);
  expect(live.simulator.entities("bitbucketPullrequest")).toHaveLength(1);
});

test("when the dead-letter queue takes nothing, the message stays where it is", async () => {
  await enqueue(opened(1, { state: "HALF" }));
  const [message] = await sqs.receive();
  const dead = { ...sqs.dead, send: () => Promise.reject(new Error("queue is gone")) };
  expect(
    await consume(message === undefined ? [] : [message], { ...live.context, live: sqs.live, dead }),
  ).toEqual([message?.id]);
});

test("nothing that is logged holds a payload, an e-mail address or a secret", async () => {
  const lines: string[] = [];
  const write = process.stdout.write;
  process.stdout.write = ((line: string) => lines.push(line) > 0) as typeof write;
  try {
    await enqueue(
      opened(1, { title: "private title" }),
      opened(2, { state: "HALF", title: "private title" }),
    );
    await consumeBatch();
    live.simulator.setIntercept(() => ({
      status: 422,
      body: { ok: false, error: "invalid", message: "ann@example.org is bad" },
    }));
    await enqueue(
      event("pr:modified", {
        pullRequest: pullRequest(3, { title: "private title", updatedDate: start + 9 }),
      }),
    );
    await consumeBatch();
  } finally {
    process.stdout.write = write;
  }
  expect(lines.length).toBeGreaterThan(4);
  expect(lines.join("")).not.toMatch(/private title|example\.org|demo-client/);
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
});

/** The metrics that a batch emits. */
async function metricsOfBatch() {
  const lines: string[] = [];
  const write = process.stdout.write;
  process.stdout.write = ((line: string) => lines.push(line) > 0) as typeof write;
  try {
    await consumeBatch();
  } finally {
    process.stdout.write = write;
  }
  return lines.map((line) => JSON.parse(line)).find((line) => "_aws" in line);
}

test("metrics tell what a batch did and how far Port lags behind Bitbucket", async () => {
  await enqueue(opened(1), opened(2, { state: "HALF" }));
  const metrics = await metricsOfBatch();
  expect(metrics).toMatchObject({
    upserted: 6,
    created: 6,
    deadLettered: 1,
    lag: [expect.any(Number)],
  });
  expect(metrics.portCalls).toBe(live.simulator.calls.length);
  expect(metrics._aws.CloudWatchMetrics[0].Metrics).toContainEqual({ Name: "lag", Unit: "Milliseconds" });
  expect(Object.keys(metrics)).not.toContain("waited");
});

test("metrics tell how long those have waited that go back to the queue, and how often Port asked for a pause", async () => {
  live.simulator.setIntercept(() => ({ status: 429, headers: { "retry-after": "60" }, body: "" }));
  await enqueue(opened(1), opened(2));
  expect(await metricsOfBatch()).toMatchObject({
    retried: 2,
    portThrottled: live.simulator.calls.length,
    waited: [expect.any(Number), expect.any(Number)],
  });
});
