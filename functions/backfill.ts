import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { describeError, log } from "../lib/aws/log.ts";
import { type BackfillRuntime, createBackfillRuntime } from "../lib/backfill/runtime.ts";
import { workOff } from "../lib/backfill/work.ts";

/** Before its time ends the work comes to a good place, in ms; calls that still go on are ended shortly before. */
const reserveMs = 60_000;
const lastMs = 10_000;
let runtime: BackfillRuntime | undefined;

/** Works off a message of the `backfill` queue. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  try {
    runtime ??= createBackfillRuntime(process.env);
    const signal = AbortSignal.timeout(
      Math.max(1_000, Math.floor(context.getRemainingTimeInMillis()) - lastMs),
    );
    const batchItemFailures: SQSBatchResponse["batchItemFailures"] = [];
    for (const { messageId: id, body, receiptHandle, attributes } of event.Records) {
      const message = {
        id,
        body,
        receiptHandle,
        groupId: attributes.MessageGroupId ?? id,
        receiveCount: Number(attributes.ApproximateReceiveCount),
        sentAt: Number(attributes.SentTimestamp),
      };
      const work = {
        ...(await runtime.context(signal)),
        outOfTime: () => context.getRemainingTimeInMillis() < reserveMs,
      };
      if (await workOff(message, runtime.queue, work)) batchItemFailures.push({ itemIdentifier: id });
    }
    return { batchItemFailures };
  } catch (error) {
    log("error", "backfill failed", describeError(error));
    throw error;
  }
}
