import { type Fields, log } from "../aws/log.ts";
import { emitMetrics } from "../aws/metrics.ts";
import { addressName } from "../bitbucket/address.ts";
import { parseEvent } from "../bitbucket/events.ts";
import type { Json } from "../json.ts";
import { parseJson } from "../json.ts";
import { answerBatch, type Received } from "../queue/batch-response.ts";
import { type LiveMessage, liveMessageSchema } from "../queue/live-message-schema.ts";
import type { Queue } from "../queue/queue.ts";
import { callsOf, callsSince } from "../sync/calls.ts";
import { countMetrics, zeroCounts } from "../sync/counts.ts";
import type { Outcome } from "../sync/outcomes.ts";
import type { LiveContext, LiveEvent } from "./context.ts";
import { syncEvents } from "./sync-events.ts";

export interface ConsumeContext extends LiveContext {
  readonly live: Queue;
  readonly dead: Queue;
}

/**
 * Works off a batch of the live queue.
 * @returns the ids of the messages that have to stay in the queue
 */
export async function consume(messages: readonly Received[], context: ConsumeContext): Promise<string[]> {
  const callsBefore = callsOf(context);
  const read = messages.map(({ body, receiveCount }) => readMessage(body, receiveCount));
  const live = read.flatMap((result, index) => ("event" in result ? [{ index, event: result }] : []));
  const { outcomes, counts } =
    live.length === 0
      ? { outcomes: [], counts: zeroCounts() }
      : await syncEvents(
          live.map(({ event }) => event),
          context,
        );

  const byIndex = new Map(live.map(({ index }, position) => [index, outcomes[position]]));
  const all = read.map(
    (result, index): Outcome => byIndex.get(index) ?? ("type" in result ? result : { type: "done" }),
  );
  const settled = await answerBatch(messages, all, context);
  context.mappingFaults.take();

  for (const [index, outcome] of all.entries()) logOutcome(read[index], messages[index], outcome);
  const now = Date.now();
  emitMetrics({
    ...countMetrics(counts),
    deadLettered: settled.deadLettered,
    retried: settled.retained.length,
    ...callsSince(callsBefore, context),
    waited: messages.filter(({ id }) => settled.retained.includes(id)).map(({ sentAt }) => now - sentAt),
    lag: live.flatMap(({ index, event }) => {
      const date = event.event.date ?? event.acceptedAt;
      return all[index]?.type === "done" ? [Math.max(0, now - date)] : [];
    }),
  });
  return settled.retained;
}

type ReadMessage = LiveEvent | Extract<Outcome, { type: "done" | "dead" }>;

/** The event in a message, or what becomes of a message without one. */
export function readMessage(body: string, deliveries: number): ReadMessage {
  const parsed = liveMessageSchema.safeParse(parseJson(body));
  if (!parsed.success) return { type: "dead", reason: "not a message of this queue" };
  const { deliveryId, acceptedAt } = parsed.data;
  if ("reference" in parsed.data) return { deliveryId, acceptedAt, deliveries, event: eventOf(parsed.data) };
  const result = parseEvent(parsed.data.payload as Json);
  if ("event" in result) return { deliveryId, acceptedAt, deliveries, event: result.event };
  return "fault" in result ? { type: "dead", reason: result.fault } : { type: "done" };
}

function eventOf({ reference }: Extract<LiveMessage, { reference: unknown }>): LiveEvent["event"] {
  const { key, date, change } = reference;
  // The webhook wrote it from a change, so it fits one.
  return {
    key,
    date,
    change: { ...change, old: change.old ?? change.address } as LiveEvent["event"]["change"],
  };
}

function logOutcome(read: ReadMessage | undefined, message: Received | undefined, outcome: Outcome): void {
  const event: Fields =
    read !== undefined && "event" in read
      ? {
          deliveryId: read.deliveryId,
          eventKey: read.event.key,
          object: addressName(read.event.change.address),
        }
      : {};
  const reason = "reason" in outcome ? outcome.reason : undefined;
  const level = outcome.type === "done" ? "info" : outcome.type === "retry" ? "warn" : "error";
  log(level, "event consumed", {
    messageId: message?.id,
    ...event,
    receiveCount: message?.receiveCount,
    outcome: outcome.type,
    reason,
  });
}
