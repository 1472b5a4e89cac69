import type { Server } from "node:http";
import { json } from "node:stream/consumers";
import { GetQueueAttributesCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEventSource } from "../../../../infra/local/aws/event-source.ts";
import { createInvoke } from "../../../../infra/local/aws/invoke.ts";
import { type Queues, startQueues } from "../../../../infra/local/aws/queues.ts";
import { closeServer, listen, loopback, portOf } from "../../../../infra/local/aws/server.ts";
import type { EventSourceMapping } from "../../../../infra/local/aws/service.ts";
import { createClosers } from "../../../../infra/local/closers.ts";

type Handler = (records: readonly SQSRecord[]) => unknown;

const allDone = { batchItemFailures: [] };
const hiddenSeconds = 1;
let closers = createClosers();
let queues: Queues;
let lambda: Server;
let handler: Handler;

beforeEach(async () => {
  closers = createClosers();
  queues = await startQueues({
    region: "eu-west-1",
    queues: {
      Live: { QueueName: "live.fifo", FifoQueue: true, VisibilityTimeout: hiddenSeconds },
      Plain: { QueueName: "plain", VisibilityTimeout: hiddenSeconds },
    },
  });
  closers.add(() => queues.close());
  lambda = await listen(async (request, response) => {
    const { Records } = (await json(request)) as SQSEvent;
    try {
      response.end(JSON.stringify(await handler(Records)));
    } catch (error) {
      response
        .setHeader("x-amz-function-error", "Unhandled")
        .end(JSON.stringify({ errorMessage: String(error) }));
    }
  });
  closers.add(() => closeServer(lambda));
});
afterEach(() => closers.close());

describe("startEventSource", () => {
  it("hands over whole records and deletes them when all went well", async () => {
    start("Live");
    const received = next();
    await send("Live", "one", { group: "pull-request:A/b/1" });
    expect(await received).toMatchObject([
      {
        body: "one",
        eventSource: "aws:sqs",
        eventSourceARN: queues.arns["Live"],
        messageAttributes: { kind: { dataType: "String", stringValue: "test" } },
        attributes: {
          ApproximateReceiveCount: "1",
          MessageGroupId: "pull-request:A/b/1",
          MessageDeduplicationId: "one",
          SentTimestamp: expect.stringMatching(/^\d{13}$/),
          SequenceNumber: expect.any(String),
        },
      },
    ]);
    await emptied("Live");
  });

  it("keeps the failed ones and hands them over again when their time comes", async () => {
    const seen: string[] = [];
    const again = new Promise<string>((resolve) => {
      handler = (records) => {
        const failed = records.filter(({ attributes, body }) => {
          seen.push(body);
          if (attributes.ApproximateReceiveCount !== "1") resolve(body);
          return body === "bad" && attributes.ApproximateReceiveCount === "1";
        });
        return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
      };
    });
    await send("Plain", "good");
    await send("Plain", "bad");
    await send("Plain", "fine");
    start("Plain");
    expect(await again).toBe("bad");
    await emptied("Plain");
    expect(seen.sort()).toEqual(["bad", "bad", "fine", "good"]);
  });

  it.each<[string, Handler]>([
    [
      "the function fails",
      () => {
        throw new Error("no");
      },
    ],
    ["the answer is malformed", () => "what"],
    ["the answer names an unknown message", () => ({ batchItemFailures: [{ itemIdentifier: "x" }] })],
  ])("deletes nothing when %s", async (_, fail) => {
    const counts: string[] = [];
    const again = new Promise<void>((resolve) => {
      handler = (records) => {
        counts.push(records[0]?.attributes.ApproximateReceiveCount ?? "");
        if (counts.length === 1) return fail(records);
        resolve();
        return null;
      };
    });
    start("Plain");
    await send("Plain", "once more");
    await again;
    expect(counts).toEqual(["1", "2"]);
    await emptied("Plain");
  });

  it("deletes all that a function without partial answers has seen", async () => {
    start("Plain", { partialAnswers: false });
    const received = next(() => "what");
    await send("Plain", "one");
    await received;
    await emptied("Plain");
  });

  it("keeps the order within a group while other groups go on", async () => {
    const seen: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const finished = new Promise<void>((resolve) => {
      handler = async (records) => {
        for (const { body } of records) {
          if (body === "a1") await held;
          seen.push(body);
          if (body === "b1") release();
          if (body === "a2") resolve();
        }
        return allDone;
      };
    });
    start("Live");
    await send("Live", "a1", { group: "a" });
    await send("Live", "a2", { group: "a" });
    await send("Live", "b1", { group: "b" });
    await finished;
    expect(seen).toEqual(["b1", "a1", "a2"]);
  });

  it("runs no more invocations at a time than it may", async () => {
    let running = 0;
    let most = 0;
    let handled = 0;
    const waiting: (() => void)[] = [];
    const finished = new Promise<void>((resolve) => {
      handler = async () => {
        running += 1;
        most = Math.max(most, running);
        // Each pair waits for one another, so that fewer than two at a time would never end.
        if (running === 2) for (const go of waiting.splice(0)) go();
        else await new Promise<void>((go) => waiting.push(go));
        running -= 1;
        handled += 1;
        if (handled === 6) resolve();
        return allDone;
      };
    });
    for (const group of ["a", "b", "c", "d", "e", "f"]) await send("Live", group, { group });
    start("Live", { maximumConcurrency: 2, batchSize: 1 });
    await finished;
    expect(most).toBe(2);
  });

  it("waits for what is under way when it is stopped, and takes nothing more", async () => {
    let answer = () => {};
    const begun = new Promise<void>((resolve) => {
      handler = () => {
        resolve();
        return new Promise((go) => {
          answer = () => go(allDone);
        });
      };
    });
    const source = start("Live");
    await send("Live", "one");
    await begun;
    const stopped = source.stop();
    answer();
    await stopped;
    await emptied("Live");
  });
});

function start(queue: string, settings: Partial<EventSourceMapping> = {}) {
  const source = startEventSource({
    client: queues.client,
    queueUrl: queues.urls[queue] ?? "",
    queueArn: queues.arns[queue] ?? "",
    mapping: {
      functionName: "consumer",
      queue,
      batchSize: 10,
      maximumConcurrency: 5,
      partialAnswers: true,
      ...settings,
    },
    invoke: createInvoke(`http://${loopback}:${portOf(lambda)}`),
  });
  closers.add(() => source.stop());
  return source;
}

/** The records of the next invocation. */
function next(answer: Handler = () => allDone): Promise<readonly SQSRecord[]> {
  return new Promise((resolve) => {
    handler = (records) => {
      resolve(records);
      return answer(records);
    };
  });
}

async function send(queue: string, body: string, { group = "g" } = {}): Promise<void> {
  await queues.client.send(
    new SendMessageCommand({
      QueueUrl: queues.urls[queue],
      MessageBody: body,
      MessageAttributes: { kind: { DataType: "String", StringValue: "test" } },
      ...(queue === "Live" && { MessageGroupId: group, MessageDeduplicationId: body }),
    }),
  );
}

/** Resolves when a queue has nothing left, neither waiting nor hidden. */
async function emptied(queue: string): Promise<void> {
  const QueueUrl = queues.urls[queue];
  await expect
    .poll(async () => {
      const { Attributes } = await queues.client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
      );
      return [
        Attributes?.["ApproximateNumberOfMessages"],
        Attributes?.["ApproximateNumberOfMessagesNotVisible"],
      ];
    })
    .toEqual(["0", "0"]);
}
