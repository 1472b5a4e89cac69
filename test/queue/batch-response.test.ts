import { expect, test, vi } from "vitest";
import { answerBatch } from "../../lib/queue/batch-response.ts";
import { pauseSeconds } from "../../lib/queue/pause.ts";
import type { Hidden, Message, Queue } from "../../lib/queue/queue.ts";
import type { MessageOutcome, Received } from "../../lib/queue/received.ts";

function received(id: string, groupId: string, receiveCount = 1): Received {
  return { id, groupId, receiveCount, sentAt: 0, body: "{}", receiptHandle: `handle-${id}` };
}

async function settle(
  messages: readonly Received[],
  outcomes: readonly MessageOutcome[],
  hide?: () => Promise<void>,
  deadLetters: Partial<Queue> = {},
) {
  const moved: Message[] = [];
  const hidden: Hidden[] = [];
  const sendAll = async () => {};
  const live = {
    sendAll,
    send: async () => {},
    pending: async () => ({ waiting: 0, inFlight: 1 }),
    hide: hide ?? (async (list: readonly Hidden[]) => void hidden.push(...list)),
  };
  const dead = {
    ...live,
    send: async (message: Message) => void moved.push(message),
    hide: async () => {},
    ...deadLetters,
  };
  return { ...(await answerBatch(messages, outcomes, { live, dead })), moved, hidden };
}

test("from the first message that stays, all later ones of its group stay, and others go on", async () => {
  const messages = [
    received("1", "a"),
    received("2", "b"),
    received("3", "a"),
    received("4", "a"),
    received("5", "c"),
  ];
  const { retained, deadLettered, moved } = await settle(messages, [
    { type: "done" },
    { type: "done" },
    { type: "retry" },
    { type: "dead", reason: "422" },
    { type: "dead", reason: "422" },
  ]);
  expect(retained).toEqual(["3", "4"]);
  expect(deadLettered).toBe(1);
  expect(moved.map((it) => it.groupId)).toEqual(["c"]);
});

test("a group waits as long as its most patient message", async () => {
  const { hidden } = await settle(
    [received("1", "a", 6), received("2", "a"), received("3", "b", 2)],
    [{ type: "retry" }, { type: "done" }, { type: "retry", retryAfterMs: 90_500 }],
  );
  expect(hidden).toEqual([
    { receiptHandle: "handle-1", seconds: 64 },
    { receiptHandle: "handle-2", seconds: 64 },
    { receiptHandle: "handle-3", seconds: 91 },
  ]);
});

test("a later message of a group makes all of it wait longer, never shorter", async () => {
  const { hidden } = await settle(
    [received("1", "a"), received("2", "a", 5), received("3", "a", 2)],
    [{ type: "retry" }, { type: "retry" }, { type: "retry" }],
  );
  expect(hidden.map(({ seconds }) => seconds)).toEqual([32, 32, 32]);
});

test("a message that nothing is known of stays", async () => {
  const { retained, hidden } = await settle([received("1", "a"), received("2", "b")], [{ type: "done" }]);
  expect(retained).toEqual(["2"]);
  expect(hidden).toEqual([{ receiptHandle: "handle-2", seconds: 2 }]);
});

test("a dead letter goes with its body, reason and status, told apart by its message's id", async () => {
  const { moved, retained } = await settle(
    [received("1", "a"), received("2", "b")],
    [
      { type: "dead", reason: "422 invalid_request", status: 422 },
      { type: "dead", reason: "no_identifier" },
    ],
  );
  expect(retained).toEqual([]);
  expect(moved).toEqual([
    {
      body: "{}",
      groupId: "a",
      deduplicationId: "1",
      attributes: { reason: "422 invalid_request", status: "422" },
    },
    { body: "{}", groupId: "b", deduplicationId: "2", attributes: { reason: "no_identifier", status: "" } },
  ]);
});

test("messages that cannot be hidden stay, and that is said", async () => {
  const lines = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const away = () => Promise.reject(new TypeError("SQS is away"));
  const { retained } = await settle([received("1", "a")], [{ type: "retry" }], away);
  expect(retained).toEqual(["1"]);
  expect(lines.mock.calls.map(([line]) => JSON.parse(String(line)))).toMatchObject([
    { level: "warn", message: "visibility could not be set", error: "TypeError" },
  ]);
  lines.mockRestore();
});

test("pauses double from two seconds to a quarter of an hour", () => {
  expect([1, 2, 3, 9, 10, 11, 300].map((count) => pauseSeconds(count, undefined))).toEqual([
    2, 4, 8, 512, 900, 900, 900,
  ]);
});

test("what a service asks for is kept, within what SQS can hide", () => {
  expect([0, 1, 1_001, 60_000, 86_400_000].map((ms) => pauseSeconds(1, ms))).toEqual([1, 1, 2, 60, 39_600]);
});

test("whoever asks for a few seconds all day long does not use up a message's deliveries", () => {
  expect([1, 20, 21, 300].map((count) => pauseSeconds(count, 1_000))).toEqual([1, 1, 900, 900]);
  expect(pauseSeconds(21, 3_600_000)).toBe(3_600);
});

test("when the dead-letter queue takes nothing, that is said and the message stays with its group", async () => {
  const lines = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const away = { send: () => Promise.reject(new TypeError("SQS is away")) };
  const { retained, deadLettered, hidden } = await settle(
    [received("1", "a"), received("2", "a")],
    [{ type: "dead", reason: "422" }, { type: "done" }],
    undefined,
    away,
  );
  expect({ retained, deadLettered }).toEqual({ retained: ["1", "2"], deadLettered: 0 });
  expect(hidden.map(({ seconds }) => seconds)).toEqual([2, 2]);
  expect(lines.mock.calls.map(([line]) => JSON.parse(String(line)))).toMatchObject([
    {
      level: "error",
      message: "message could not be moved to the dead-letter queue",
      messageId: "1",
      error: "TypeError",
    },
  ]);
  lines.mockRestore();
});

test("messages outlast an outage of a day before the queue gives them up", () => {
  const receives = 300;
  const total = Array.from({ length: receives }, (_, index) => pauseSeconds(index + 1, undefined)).reduce(
    (a, b) => a + b,
  );
  expect(total).toBeGreaterThan(24 * 3600);
});
