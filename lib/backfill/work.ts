import { describeError, log } from "../aws/log.ts";
import type { Metrics } from "../aws/metrics.ts";
import { advised } from "../diagnosis/explain.ts";
import { parseJson } from "../json.ts";
import { type BackfillMessage, backfillMessageSchema } from "../queue/backfill-message.ts";
import { pauseSeconds, type Received } from "../queue/batch-response.ts";
import type { Queue } from "../queue/queue.ts";
import { failureFrom } from "../sync/outcomes.ts";
import { carry, restore } from "./carry.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { emitCounts } from "./emit-counts.ts";
import { backfillProject, projectStart } from "./project.ts";
import { backfillRepository } from "./repository.ts";
import { isWanted } from "./wanted.ts";
import { workOnDefinitions } from "./work-definitions.ts";
import { workOnUsers } from "./work-users.ts";

/** From this delivery on a message's work is done in the smallest pieces: it may be that its time does not suffice. */
const carefulFrom = 4;
/** From this delivery on what fails of a single repository is named instead of tried again: the next resync tries it. */
const brokenFrom = 8;

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
    const delivery = { since, deliveries: message.receiveCount };
    const { problems, more, waitMs } = await workOn(work, delivery, queue, own);
    const failed = pauses.length > 0;
    const again = failed || waitMs !== undefined;
    // What failed for now comes first: to go on would leave it behind.
    if (!again && more.length > 0) await queue.sendAll(more.map((each) => JSON.stringify(each)));
    log(problems.length > 0 ? "error" : failed ? "warn" : "info", heading(failed, waitMs), {
      ...ids,
      problems: problems.slice(0, 20),
      notes: context.notes.slice(0, 20),
      goesOnIn: again ? 0 : more.length,
    });
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

interface Delivery {
  /** When the work was asked for, epoch ms. */
  readonly since: number;
  /** How often the message came, this time included. */
  readonly deliveries: number;
}

/** @returns what is wrong, and the messages in which it goes on; how long it is to wait for others first, in ms */
async function workOn(
  message: BackfillMessage,
  { since, deliveries }: Delivery,
  queue: Queue,
  context: BackfillContext,
): Promise<{
  readonly problems: Problems;
  readonly more: readonly BackfillMessage[];
  readonly waitMs?: number;
}> {
  if ("definitions" in message) return workOnDefinitions(message.definitions, since, context);
  const { allowMassDelete = false, deleteSuperseded = false } = message;
  if ("users" in message) {
    return workOnUsers(message, deliveries, queue, { ...context, allowMassDelete, deleteSuperseded });
  }
  const { project, repository, state, work, runId } = message;
  const careful = message.careful ?? deliveries >= carefulFrom;
  const own: BackfillContext = {
    ...context,
    state: state ?? context.state,
    allowMassDelete,
    deleteSuperseded,
    isBroken: deliveries >= brokenFrom,
    ...(careful && { repositoriesTogether: 1 }),
  };
  if (repository !== undefined) {
    const address = { kind: "repository", key: project, slug: repository } as const;
    return { problems: await backfillRepository(address, own), more: [] };
  }
  // Once for each project of a resync; a rename's backfill has no run, and a continuation is not the start. Beside the rest,
  // as a project's repositories may be too many for one invocation.
  const isFirst = runId !== undefined && work === undefined && !message.unlisted;
  const kept = isFirst ? context.keepWebhook?.(project) : undefined;
  const start = work === undefined ? projectStart : { ...work, gone: restore(work.gone, context) };
  const { problems, putOff, moved, next } = await backfillProject(project, start, own).finally(() => kept);
  const elsewhere = moved
    .filter(({ key }) => isWanted(key, context))
    .map(({ key, slug }) => ({ runId, project: key, repository: slug, state: "ALL" as const }));
  if (next === undefined && work === undefined) {
    // All of it fits one invocation: the message comes again as a whole.
    for (const { retryAfterMs } of putOff) context.onRetry?.(retryAfterMs);
    return { problems, more: elsewhere };
  }
  const later = { runId, project, state, startedAt: since };
  const repositories = putOff.map(({ slug }) => ({ ...later, repository: slug }));
  if (next === undefined) return { problems, more: [...repositories, ...elsewhere] };
  const rest = { ...message, startedAt: since, work: carry(next), ...(careful && { careful }) };
  return { problems, more: [rest, ...repositories] };
}
