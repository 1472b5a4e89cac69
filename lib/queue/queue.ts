import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  type MessageAttributeValue,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { inParts } from "../parts.ts";
import { proxyAgents } from "../proxy.ts";
import { blamingProxy } from "../proxy-failure.ts";

/** One SQS queue. */
export interface Queue {
  /** @throws what the SDK throws when SQS did not take the message, or the signal aborted. */
  send(message: Message, signal?: AbortSignal): Promise<void>;
  /** Sends messages in batches of ten. @throws Error naming how many SQS did not take */
  sendAll(messages: readonly Message[]): Promise<void>;
  /** About how many messages are in the queue. */
  pending(): Promise<Pending>;
  /** Hides messages for a number of seconds (0 to 43,200) before they are delivered again. */
  hide(messages: readonly Hidden[]): Promise<void>;
}

export interface Message {
  readonly body: string;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface Hidden {
  readonly receiptHandle: string;
  readonly seconds: number;
}

export interface Pending {
  /** To be received, or behind one of their group that is in flight. */
  readonly waiting: number;
  /** Received and not deleted: being worked on, or hidden for now. */
  readonly inFlight: number;
}

/** SQS takes no more messages in one call. */
export const batchSize = 10;

/** The client that all queues of a container share; `attemptMs` bounds one attempt. */
export function createSqsClient(attemptMs = 5_000, maxAttempts = 3): SQSClient {
  const client = new SQSClient({
    maxAttempts,
    requestHandler: {
      ...proxyAgents(process.env),
      requestTimeout: attemptMs,
      connectionTimeout: 1_000,
      throwOnRequestTimeout: true,
    },
  });
  client.middlewareStack.add((next) => (call) => next(call).catch(blamingProxy("SQS", call.request)), {
    step: "build",
  });
  return client;
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/ */
export function createQueue(client: SQSClient, url: string): Queue {
  return {
    async send(message, signal) {
      const command = new SendMessageCommand({ QueueUrl: url, ...fieldsOf(message) });
      await client.send(command, signal === undefined ? {} : { abortSignal: signal });
    },

    async sendAll(messages) {
      for (const part of inParts(messages, batchSize)) {
        const Entries = part.map((message, index) => ({ Id: String(index), ...fieldsOf(message) }));
        const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
        if (Failed.length > 0)
          throw new Error(`SQS did not take ${Failed.length} of ${Entries.length} messages`);
      }
    },

    async pending() {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl: url,
          AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        }),
      );
      const { ApproximateNumberOfMessages = 0, ApproximateNumberOfMessagesNotVisible = 0 } = Attributes;
      return {
        waiting: Number(ApproximateNumberOfMessages),
        inFlight: Number(ApproximateNumberOfMessagesNotVisible),
      };
    },

    async hide(messages) {
      for (const part of inParts(messages, batchSize)) {
        const Entries = part.map(({ receiptHandle, seconds }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }));
        await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries }));
      }
    },
  };
}

function fieldsOf({ body, groupId, deduplicationId, attributes = {} }: Message) {
  return {
    MessageBody: body,
    MessageGroupId: groupId,
    MessageDeduplicationId: deduplicationId,
    MessageAttributes: stringAttributes(attributes),
  };
}

function stringAttributes(
  attributes: Readonly<Record<string, string>>,
): Record<string, MessageAttributeValue> {
  const entries = Object.entries(attributes).filter(([, value]) => value !== "");
  return Object.fromEntries(
    entries.map(([name, value]) => [name, { DataType: "String", StringValue: value }]),
  );
}
