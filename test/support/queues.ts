import { fileURLToPath } from "node:url";
import {
  ReceiveMessageCommand,
  type ReceiveMessageCommandOutput,
  type Message as SqsMessage,
} from "@aws-sdk/client-sqs";
import { type Queues, startQueues } from "../../infra/local/aws/queues.ts";
import { readService } from "../../infra/local/aws/template.ts";
import { type Backlog, createBacklog } from "../../lib/queue/backlog.ts";
import { createQueue, type Queue } from "../../lib/queue/queue.ts";
import type { Received } from "../../lib/queue/received.ts";

/** The stack's own queues on this machine, as infra/queues.yml defines them. */
export interface QueueHarness {
  readonly queues: Queues;
  readonly live: Queue;
  readonly dead: Queue;
  readonly backfill: Queue & Backlog;
  /** Receives up to ten messages of the live queue, as the consumer gets them. */
  receive(): Promise<Received[]>;
  /** Receives from a queue by its logical id, with message attributes; does not wait. */
  peek(id: string): Promise<SqsMessage[]>;
  close(): Promise<void>;
}

export async function startQueueHarness(): Promise<QueueHarness> {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const queues = await startQueues(readService(root, "local"));
  const url = (id: string) => queues.urls[id] ?? "";

  const receiveFrom = (id: string): Promise<ReceiveMessageCommandOutput> =>
    queues.client.send(
      new ReceiveMessageCommand({
        QueueUrl: url(id),
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      }),
    );

  return {
    queues,
    live: createQueue(queues.client, url("LiveQueue")),
    dead: createQueue(queues.client, url("LiveDeadQueue")),
    backfill: {
      ...createQueue(queues.client, url("BackfillQueue")),
      ...createBacklog(queues.client, url("BackfillQueue")),
    },
    async receive() {
      const { Messages = [] } = await receiveFrom("LiveQueue");
      return Messages.map((message) => ({
        id: message.MessageId ?? "",
        body: message.Body ?? "",
        receiptHandle: message.ReceiptHandle ?? "",
        groupId: message.Attributes?.MessageGroupId ?? "",
        receiveCount: Number(message.Attributes?.ApproximateReceiveCount),
        sentAt: Number(message.Attributes?.SentTimestamp),
      }));
    },
    async peek(id) {
      const { Messages = [] } = await receiveFrom(id);
      return Messages;
    },
    close: queues.close,
  };
}
