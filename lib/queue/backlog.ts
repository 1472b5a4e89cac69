import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { inParts } from "../parts.ts";
import { batchSize } from "./queue.ts";

/** What waits in a queue, for whoever looks at all of it. */
export interface Backlog {
  /** All messages that wait to be delivered, hidden for so many seconds; it counts as a delivery of each. */
  takeWaiting(seconds: number): Promise<readonly Waiting[]>;
  /** Deletes messages. */
  discard(messages: readonly Pick<Waiting, "receiptHandle">[]): Promise<void>;
}

/** A message that waited in its queue. */
export interface Waiting {
  readonly body: string;
  readonly receiptHandle: string;
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/ */
export function createBacklog(client: SQSClient, url: string): Backlog {
  return {
    async takeWaiting(seconds) {
      const waiting: Waiting[] = [];
      for (;;) {
        const command = new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: batchSize,
          VisibilityTimeout: seconds,
          // Without waiting only some of SQS's servers are asked.
          WaitTimeSeconds: 1,
        });
        const { Messages = [] } = await client.send(command);
        if (Messages.length === 0) return waiting;
        for (const { Body = "", ReceiptHandle = "" } of Messages)
          waiting.push({ body: Body, receiptHandle: ReceiptHandle });
      }
    },

    async discard(messages) {
      for (const part of inParts(messages, batchSize)) {
        const Entries = part.map(({ receiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
        }));
        await client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
      }
    },
  };
}
