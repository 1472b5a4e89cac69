import { describeError, log } from "../aws/log.ts";
import type { Metrics } from "../aws/metrics.ts";
import { parseJson } from "../json.ts";
import { type BackfillMessage, backfillMessageSchema } from "../queue/backfill-message.ts";
import { pauseSeconds, type Received } from "../queue/batch-response.ts";
import type { Queue } from "../queue/queue.ts";
import { failureFrom } from "../sync/outcomes.ts";
import { backfillRepository } from "./chunk.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { emitCounts } from "./emit-counts.ts";
import { backfillProject, type ProjectWork, projectStart } from "./project.ts";
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
  const own: BackfillContext = { ...context, onRetry: (retryAfterMs) => pauses.push(retryAfterMs) };
  const since = ("project" in work ? work.startedAt : undefined) ?? message.sentAt;
  const ids = { runId: work.runId, project: "project" in work ? work.project : undefined };
  try {
    const { problems, more } = await workOn(work, { since, deliveries: message.receiveCount }, own);
    const again = pauses.length > 0;
    // What failed for now comes first: to go on would leave it behind.
    if (!again && more.length > 0) await queue.sendAll(more.map((each) => JSON.stringify(each)));
    log(
      problems.length > 0 ? "error" : again ? "warn" : "info",
      again ? "backfill message comes again" : "backfill message done",
      { ...ids, problems: problems.slice(0, 20), goesOnIn: again ? 0 : more.length },
    );
    const waits = again ? waiting(since) : more.length === 0 ? {} : { waited: [Date.now() - since] };
    emitCounts(context, { problems: problems.length, ...waits });
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

interface Delivery {
  /** When the work was asked for, epoch ms. */
  readonly since: number;
  /** How often the message came, this time included. */
  readonly deliveries: number;
}

/** @returns what is wrong, and the messages in which it goes on */
async function workOn(
  message: BackfillMessage,
  { since, deliveries }: Delivery,
  context: BackfillContext,
): Promise<{ readonly problems: Problems; readonly more: readonly BackfillMessage[] }> {
  const { allowMassDelete = false } = message;
  if ("users" in message) {
    return { problems: await backfillUsers({ ...context, allowMassDelete }), more: [] };
  }
  const { project, repository, state, work, runId } = message;
  const careful = message.careful ?? deliveries >= carefulFrom;
  const own: BackfillContext = {
    ...context,
    state: state ?? context.state,
    allowMassDelete,
    ...(careful && { repositoriesTogether: 1 }),
  };
  if (repository !== undefined) {
    const address = { kind: "repository", key: project, slug: repository } as const;
    return { problems: await backfillRepository(address, own), more: [] };
  }
  // Once for each project of a resync; a rename's backfill has no run, and a continuation is not the start. Beside the rest,
  // as a project's repositories may be too many for one invocation.
  const kept = runId !== undefined && work === undefined ? context.keepWebhook?.(project) : undefined;
  const { problems, putOff, next } = await backfillProject(project, work ?? projectStart, own).finally(
    () => kept,
  );
  if (next === undefined && work === undefined) {
    // All of it fits one invocation: the message comes again as a whole.
    for (const { retryAfterMs } of putOff) context.onRetry?.(retryAfterMs);
    return { problems, more: [] };
  }
  const later = { runId, project, state, startedAt: since };
  const repositories = putOff.map(({ slug }) => ({ ...later, repository: slug }));
  if (next === undefined) return { problems, more: repositories };
  const rest = { ...message, startedAt: since, work: fitting(next), ...(careful && { careful }) };
  return { problems, more: [rest, ...repositories] };
}

/** With as much of what is gone as fits a message; the next run finds the rest. */
function fitting(work: ProjectWork) {
  let bytes = 0;
  const end = work.gone.findIndex((entity) => {
    bytes += Buffer.byteLength(JSON.stringify(entity)) + 1;
    return bytes > mostCarried;
  });
  if (end === -1) return { ...work, gone: [...work.gone] };
  return { ...work, gone: work.gone.slice(0, end), dropped: (work.dropped ?? 0) + work.gone.length - end };
}
