import { describeError, log } from "../aws/log.ts";
import type { BackfillMessage } from "../queue/backfill-message.ts";
import type { Pending, Queue } from "../queue/queue.ts";
import type { BackfillContext, Worked } from "./context.ts";
import { sweepUsers } from "./sweep-users.ts";
import { backfillUsers } from "./users.ts";

type UsersMessage = Extract<BackfillMessage, { users: true }>;

/** Between two deliveries, to see whether the other messages are done, in ms. */
const pauseMs = 30_000;
/** So long after it was sent, in ms, it goes on with what is known; the next resync does what is left. */
const longestMs = 10 * 60_000;
/** So long after it was sent, in ms, what waits while nobody else is at work waits behind this very message. */
const blockingMs = 2 * 60_000;

/**
 * Reconciles the users, and deletes who is gone; where other messages of a backfill are still to be worked off, the
 * deletions wait for them in a message of their own: until then pull requests name people by what they were called.
 * @param since when the message was sent, epoch ms
 */
export async function workOnUsers(
  message: UsersMessage,
  since: number,
  queue: Queue,
  context: BackfillContext,
): Promise<Worked> {
  const { waiting, inFlight } = await pendingIn(queue);
  // This one counts as well.
  const isAlone = waiting + inFlight <= 1;
  if (message.last && !isAlone) {
    const enoughMs = inFlight <= 1 ? blockingMs : longestMs;
    if (Date.now() - since < enoughMs) return { problems: [], more: [], waitMs: pauseMs };
  }
  const { problems, shown } = await backfillUsers(context);
  const sweeps = shown !== undefined || context.definitionFiles !== undefined;
  if (!sweeps) return { problems, more: [] };
  if (!isAlone && !message.last) return { problems, more: [{ ...message, last: true }] };
  if (shown !== undefined) problems.push(...(await sweepUsers(shown, context)));
  problems.push(...((await context.definitionFiles?.sweep(context)) ?? []));
  return { problems, more: [] };
}

async function pendingIn(queue: Queue): Promise<Pending> {
  try {
    return await queue.pending();
  } catch (error) {
    log("warn", "the queue does not say how many messages it has", describeError(error));
    return { waiting: 0, inFlight: 0 };
  }
}
