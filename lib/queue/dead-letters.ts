import { describeError, log } from "../aws/log.ts";
import type { Queue } from "./queue.ts";
import type { MessageOutcome, Received } from "./received.ts";

/** Moves a message that can never succeed to the dead-letter queue; false when SQS did not take it. */
export async function moveToDeadLetters(
  message: Received,
  { reason, status }: Extract<MessageOutcome, { type: "dead" }>,
  dead: Queue,
): Promise<boolean> {
  try {
    await dead.send({
      body: message.body,
      groupId: message.groupId,
      deduplicationId: message.id,
      attributes: { reason, status: status === undefined ? "" : String(status) },
    });
    return true;
  } catch (error) {
    log("error", "message could not be moved to the dead-letter queue", {
      messageId: message.id,
      ...describeError(error),
    });
    return false;
  }
}
