import { describeError, log } from "../aws/log.ts";
import { moveToDeadLetters } from "./dead-letters.ts";
import { firstPauseSeconds, pauseSeconds } from "./pause.ts";
import type { Hidden, Queue } from "./queue.ts";
import type { MessageOutcome, Received } from "./received.ts";

export { pauseSeconds } from "./pause.ts";
export type { Received } from "./received.ts";

export interface BatchResponse {
  /** Ids of the messages that stay in the queue. */
  readonly retained: string[];
  readonly deadLettered: number;
}

/**
 * Answers for a batch of a FIFO queue: what can never succeed goes to the dead-letter queue with its reason; what may
 * succeed later stays, hidden for as long as the service asked, else for a pause that doubles with every delivery up
 * to 15 minutes. From the first message of a group that stays, all later ones of the group stay too, to keep order.
 */
export async function answerBatch(
  messages: readonly Received[],
  outcomes: readonly MessageOutcome[],
  queues: { readonly live: Queue; readonly dead: Queue },
): Promise<BatchResponse> {
  const pauses = new Map<string, number>();
  const retained: Received[] = [];
  let deadLettered = 0;
  for (const [index, message] of messages.entries()) {
    // A message of which nothing is known stays.
    const outcome = outcomes[index];
    const blocked = pauses.has(message.groupId);
    const moved =
      !blocked && outcome?.type === "dead" && (await moveToDeadLetters(message, outcome, queues.dead));
    if (moved) deadLettered++;
    if (moved || (!blocked && outcome?.type === "done")) continue;
    retained.push(message);
    const asked = outcome?.type === "retry" ? outcome.retryAfterMs : undefined;
    const pause = pauseSeconds(message.receiveCount, asked);
    pauses.set(message.groupId, Math.max(pause, pauses.get(message.groupId) ?? 0));
  }
  await hideQuietly(
    retained.map(({ receiptHandle, groupId }) => ({
      receiptHandle,
      seconds: pauses.get(groupId) ?? firstPauseSeconds,
    })),
    queues.live,
  );
  return { retained: retained.map((message) => message.id), deadLettered };
}

/** A message that cannot be hidden comes back after the queue's own visibility timeout: late, but not lost. */
async function hideQuietly(hidden: readonly Hidden[], live: Queue): Promise<void> {
  try {
    await live.hide(hidden);
  } catch (error) {
    log("warn", "visibility could not be set", describeError(error));
  }
}
