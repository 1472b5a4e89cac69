import { describeError, log } from "../aws/log.ts";
import type { Hidden, Queue } from "./queue.ts";

/** A message as Lambda hands it over. */
export interface Received {
  readonly id: string;
  readonly body: string;
  readonly receiptHandle: string;
  readonly groupId: string;
  /** How often it was delivered, this time included. */
  readonly receiveCount: number;
  /** When it came into the queue, epoch ms. */
  readonly sentAt: number;
}

/** What became of a message: done, to be delivered again, or never to succeed. */
export type MessageOutcome =
  | { readonly type: "done" | "again" }
  | { readonly type: "retry"; readonly retryAfterMs?: number }
  | { readonly type: "dead"; readonly reason: string; readonly status?: number };

export interface BatchResponse {
  /** Ids of the messages that stay in the queue. */
  readonly retained: string[];
  readonly deadLettered: number;
}

const firstPauseSeconds = 2;
const longestPauseSeconds = 15 * 60;
const manyDeliveries = 20;
/** SQS keeps a message hidden for 12 hours at the most, counted from when it was received. */
const longestHiddenSeconds = 11 * 3600;

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
    const outcome = outcomes[index] ?? { type: "retry" };
    const blocked = pauses.has(message.groupId);
    const moved =
      !blocked && outcome.type === "dead" && (await moveToDeadLetters(message, outcome, queues.dead));
    if (moved) deadLettered++;
    if (moved || (!blocked && outcome.type === "done")) continue;
    retained.push(message);
    const asked = outcome.type === "retry" ? outcome.retryAfterMs : undefined;
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

/** Seconds until the next delivery. */
export function pauseSeconds(receiveCount: number, retryAfterMs: number | undefined): number {
  const backoff = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** Math.max(0, receiveCount - 1));
  if (retryAfterMs === undefined) return backoff;
  const asked = Math.min(longestHiddenSeconds, Math.max(1, Math.ceil(retryAfterMs / 1000)));
  // Deliveries are counted: whoever asks for a few seconds all day long must not use them up.
  return receiveCount > manyDeliveries ? Math.max(asked, backoff) : asked;
}

async function moveToDeadLetters(
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

/** A message that cannot be hidden comes back after the queue's own visibility timeout: late, but not lost. */
async function hideQuietly(hidden: readonly Hidden[], live: Queue): Promise<void> {
  try {
    await live.hide(hidden);
  } catch (error) {
    log("warn", "visibility could not be set", describeError(error));
  }
}
