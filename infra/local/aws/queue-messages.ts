import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";

const receiveWaitSeconds = 20;

/** Waits for messages of a queue, at most `limit` of them; none when there were none for a while. */
export async function receiveMessages(
  client: SQSClient,
  queueUrl: string,
  limit: number,
  signal: AbortSignal,
): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: Math.min(limit, 10),
    WaitTimeSeconds: receiveWaitSeconds,
    MessageSystemAttributeNames: ["All"],
    MessageAttributeNames: ["All"],
  });
  const { Messages = [] } = await client.send(command, { abortSignal: signal });
  return Messages;
}

/** Takes messages that are done from their queue. */
export async function deleteMessages(
  client: SQSClient,
  queueUrl: string,
  records: readonly SQSRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const Entries = records.map(({ receiptHandle }, index) => ({
    Id: String(index),
    ReceiptHandle: receiptHandle,
  }));
  await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
}
