import { parseJson } from "../../json.ts";
import { describeError, log } from "../../log.ts";
import { type BackfillMessage, backfillMessageSchema } from "../../queue/backfill-message.ts";
import type { Queue } from "../../queue/queue.ts";
import { pauseSeconds, type Received } from "../../queue/settle.ts";
import { failureFrom } from "../ledger.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { emitCounts } from "./emit-counts.ts";
import { backfillProject, backfillRepository, projectStart } from "./project.ts";
import { backfillUsers } from "./users.ts";

/** Entities that a continuation carries to be deleted: more would not fit a message. The next run finds the rest. */
const mostCarried = 3_000;

/**
 * Works off one message of the backfill queue. A project that outlasts its time goes on in a new message.
 * @returns whether the message has to stay in the queue
 */
export async function workOff(message: Received, queue: Queue, context: BackfillContext): Promise<boolean> {
  const parsed = backfillMessageSchema.safeParse(parseJson(message.body));
  if (!parsed.success) {
    log("error", "not a message of this queue", { messageId: message.id });
    return true;
  }
  const work = parsed.data;
  const ids = { runId: work.runId, project: "project" in work ? work.project : undefined };
  try {
    const problems = await workOn(work, queue, context);
    log(problems.length === 0 ? "info" : "error", "backfill message done", {
      ...ids,
      problems: problems.slice(0, 20),
    });
    emitCounts("backfill", context);
    return false;
  } catch (error) {
    log("warn", "backfill message failed", {
      ...ids,
      receiveCount: message.receiveCount,
      ...describeError(error),
    });
    emitCounts("backfill", context);
    const seconds = pauseSeconds(message.receiveCount, failureFrom(error).retryAfterMs);
    await queue.hide([{ receiptHandle: message.receiptHandle, seconds }]).catch((failed: unknown) => {
      log("warn", "visibility could not be set", describeError(failed));
    });
    return true;
  }
}

async function workOn(message: BackfillMessage, queue: Queue, context: BackfillContext): Promise<Problems> {
  if ("users" in message) return backfillUsers(context);
  const { project, repository, state, allowMassDelete, work } = message;
  const own = { ...context, state: state ?? context.state, allowMassDelete: allowMassDelete ?? false };
  if (repository !== undefined) {
    return backfillRepository({ kind: "repository", key: project, slug: repository }, own);
  }
  // Once for each project of a resync; a rename's backfill has no run, and a continuation is not the start.
  if (message.runId !== undefined && work === undefined) await context.keepWebhook?.(project);
  const { problems, next } = await backfillProject(project, work ?? projectStart, own);
  if (next !== undefined) {
    const carried = { ...next, gone: next.gone.slice(0, mostCarried) };
    await queue.sendAll([JSON.stringify({ ...message, work: carried } satisfies BackfillMessage)]);
  }
  return problems;
}
