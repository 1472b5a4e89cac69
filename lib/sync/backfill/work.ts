import { parseJson } from "../../json.ts";
import { describeError, log } from "../../log.ts";
import type { Metrics } from "../../metrics.ts";
import { type BackfillMessage, backfillMessageSchema } from "../../queue/backfill-message.ts";
import type { Queue } from "../../queue/queue.ts";
import { pauseSeconds, type Received } from "../../queue/settle.ts";
import { failureFrom } from "../ledger.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { emitCounts } from "./emit-counts.ts";
import { backfillProject, projectStart } from "./project.ts";
import { backfillRepository } from "./repositories.ts";
import { backfillUsers } from "./users.ts";

/** JSON of the entities that a continuation carries to be deleted, in bytes: SQS takes 1 MiB in all. */
const mostCarried = 1_000_000;
/** From this delivery on a message's work is done in the smallest pieces: it may be that its time does not suffice. */
const carefulFrom = 4;

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
  const own: BackfillContext = {
    ...context,
    onRetry: (retryAfterMs) => pauses.push(retryAfterMs),
    ...(message.receiveCount >= carefulFrom && { repositoriesTogether: 1 }),
  };
  const since = ("project" in work ? work.startedAt : undefined) ?? message.sentAt;
  const ids = { runId: work.runId, project: "project" in work ? work.project : undefined };
  try {
    const { problems, next } = await workOn(work, since, own);
    const again = pauses.length > 0;
    // What failed for now comes first: a continuation would leave it behind.
    if (next !== undefined && !again) await queue.sendAll([JSON.stringify(next)]);
    log(
      problems.length === 0 ? "info" : again ? "warn" : "error",
      again ? "backfill message comes again" : "backfill message done",
      {
        ...ids,
        problems: problems.slice(0, 20),
      },
    );
    const more = again ? waiting(since) : next === undefined ? {} : { waited: [Date.now() - since] };
    emitCounts(context, { ...(!again && { problems: problems.length }), ...more });
    if (again) await hide(message, queue, longest(pauses));
    return again;
  } catch (error) {
    log("warn", "backfill message failed", {
      ...ids,
      receiveCount: message.receiveCount,
      ...describeError(error),
    });
    emitCounts(context, waiting(since));
    await hide(message, queue, longest([...pauses, failureFrom(error).retryAfterMs]));
    return true;
  }
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

async function workOn(
  message: BackfillMessage,
  startedAt: number,
  context: BackfillContext,
): Promise<{ readonly problems: Problems; readonly next?: BackfillMessage }> {
  const { allowMassDelete = false } = message;
  if ("users" in message) return { problems: await backfillUsers({ ...context, allowMassDelete }) };
  const { project, repository, state, work } = message;
  const own = { ...context, state: state ?? context.state, allowMassDelete };
  if (repository !== undefined) {
    return {
      problems: await backfillRepository({ kind: "repository", key: project, slug: repository }, own),
    };
  }
  // Once for each project of a resync; a rename's backfill has no run, and a continuation is not the start.
  if (message.runId !== undefined && work === undefined) await context.keepWebhook?.(project);
  const { problems, next } = await backfillProject(project, work ?? projectStart, own);
  if (next === undefined) return { problems };
  return { problems, next: { ...message, startedAt, work: { ...next, gone: fitting(next.gone) } } };
}

/** As many as fit a message; the next run finds the rest. */
function fitting<T>(gone: readonly T[]): T[] {
  let bytes = 0;
  const end = gone.findIndex((entity) => {
    bytes += Buffer.byteLength(JSON.stringify(entity)) + 1;
    return bytes > mostCarried;
  });
  return end === -1 ? [...gone] : gone.slice(0, end);
}
