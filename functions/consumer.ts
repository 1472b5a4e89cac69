import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { describeError, log } from "../lib/aws/log.ts";
import { consume } from "../lib/live/consume.ts";
import { type ConsumerRuntime, createConsumerRuntime } from "../lib/live/runtime.ts";
import type { Received } from "../lib/queue/received.ts";

/** Time, in ms, that is kept to answer for the batch. */
const reserveMs = 5_000;
let runtime: ConsumerRuntime | undefined;

/** Works off messages of `live.fifo`; answers which of them stay in the queue. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  try {
    runtime ??= createConsumerRuntime(process.env);
    const signal = AbortSignal.timeout(
      Math.max(1_000, Math.floor(context.getRemainingTimeInMillis()) - reserveMs),
    );
    const retained = await consume(event.Records.map(received), await runtime(signal));
    return { batchItemFailures: retained.map((itemIdentifier) => ({ itemIdentifier })) };
  } catch (error) {
    log("error", "batch failed", describeError(error));
    throw error;
  }
}

function received(record: SQSEvent["Records"][number]): Received {
  return {
    id: record.messageId,
    body: record.body,
    receiptHandle: record.receiptHandle,
    groupId: record.attributes.MessageGroupId ?? record.messageId,
    receiveCount: Number(record.attributes.ApproximateReceiveCount),
    sentAt: Number(record.attributes.SentTimestamp),
  };
}
