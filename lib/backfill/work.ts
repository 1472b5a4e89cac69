import { describeError, log } from "../aws/log.ts";
import type { Metrics } from "../aws/metrics.ts";
import { advised } from "../diagnosis/explain.ts";
import { parseJson } from "../json.ts";
import { backfillMessageSchema, outgoingBackfill } from "../queue/backfill-message.ts";
import { pauseSeconds, type Received } from "../queue/batch-response.ts";
import type { Queue } from "../queue/queue.ts";
import { failureFrom } from "../sync/outcomes.ts";
import { alike } from "./alike.ts";
import type { BackfillContext } from "./context.ts";
import { emitCounts } from "./emit-counts.ts";
import { workOn } from "./work-on.ts";

/**
 * Works off one message of the backfill queue. A project that outlasts its time goes on in a new message.
 * @returns whether the message has to stay in the queue
 */
export async function workOff(message: Received, queue: Queue, context: BackfillContext): Promise<boolean> {
  const parsed = backfillMessageSchema.safeParse(parseJson(message.body));
  if (!parsed.success) {
    log("error", "not a message of this queue", { messageId: message.id });
    await hide(message, queue, undefined);
    return true;
  }
  const work = parsed.data;
  const pauses: (number | undefined)[] = [];
  const own: BackfillContext = { ...context, onRetry: (retryAfterMs) => pauses.push(retryAfterMs) };
  const since = ("project" in work ? work.startedAt : undefined) ?? message.sentAt;
  const ids = { runId: work.runId, project: "project" in work ? work.project : undefined };
  if (context.finishedPasses?.cover(work, message.sentAt, context.state)) {
    log("info", "backfill message left out: all it asks for was done since it was sent", ids);
    return false;
  }
  const beganAt = Date.now();
  try {
    const delivery = { since, deliveries: message.receiveCount };
    const { problems, more, waitMs } = await workOn(work, delivery, queue, own);
    context.notes.push(...context.mappingFaults.take());
    const failed = pauses.length > 0;
    const again = failed || waitMs !== undefined;
    // What failed for now comes first: to go on would leave it behind.
    if (!again && more.length > 0) await queue.sendAll(more.map(outgoingBackfill));
    log(problems.length > 0 ? "error" : failed ? "warn" : "info", heading(failed, waitMs), {
      ...ids,
      problems: alike(problems).slice(0, 20),
      notes: context.notes.slice(0, 20),
      goesOnIn: again ? 0 : more.length,
    });
    const isWhole = !again && more.length === 0 && problems.length === 0;
    if (isWhole) context.finishedPasses?.add(work, beganAt, context.state);
    const waits = again ? waiting(since) : more.length === 0 ? {} : { waited: [Date.now() - since] };
    emitCounts(context, { problems: problems.length, ...waits });
    if (again) await hide(message, queue, longest([...pauses, waitMs]));
    return again;
  } catch (error) {
    log("warn", "backfill message failed", {
      ...ids,
      receiveCount: message.receiveCount,
      ...describeError(advised(error, context)),
    });
    emitCounts(context, waiting(since));
    await hide(message, queue, longest([...pauses, failureFrom(error).retryAfterMs]));
    return true;
  }
}

function heading(failed: boolean, waitMs: number | undefined): string {
  if (failed) return "backfill message comes again";
  return waitMs === undefined ? "backfill message done" : "backfill message waits";
}

function longest(pauses: readonly (number | undefined)[]): number | undefined {
  const asked = pauses.filter((pause) => pause !== undefined);
  return asked.length === 0 ? undefined : Math.max(...asked);
}

/** Of a message that goes back to the queue. @param since when its work was asked for, epoch ms */
function waiting(since: number): Metrics {
  return { retried: 1, waited: [Date.now() - since] };
}

async function hide(message: Received, queue: Queue, retryAfterMs: number | undefined): Promise<void> {
  const seconds = pauseSeconds(message.receiveCount, retryAfterMs);
  await queue.hide([{ receiptHandle: message.receiptHandle, seconds }]).catch((failed: unknown) => {
    log("warn", "visibility could not be set", describeError(failed));
  });
}
