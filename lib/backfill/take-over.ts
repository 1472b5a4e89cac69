import { describeError, log } from "../aws/log.ts";
import type { PullRequestState } from "../config/config.ts";
import { parseJson } from "../json.ts";
import { type BackfillMessage, backfillMessageSchema, scopeOf } from "../queue/backfill-message.ts";
import type { Backlog, Waiting } from "../queue/backlog.ts";
import type { Queue } from "../queue/queue.ts";

/** What a new run sends, and what it makes superfluous. */
export interface TakenOver {
  /** The run's messages; each asks for what the older ones for the same project asked for as well. */
  readonly messages: readonly BackfillMessage[];
  /** Messages of older runs that nobody has begun with; to be deleted when the new ones are sent, not before. */
  readonly superfluous: readonly Waiting[];
}

/** Longer than a resync takes from here to its end, in seconds; when it dies, what it held comes back after that. */
const heldSeconds = 300;

/**
 * Looks for messages of older runs whose projects the new one goes through anyway, and which nobody works on: each of
 * these projects is gone through once. What an earlier run has begun goes on beside it.
 * @param stackState what a message without a state asks for
 */
export async function takeOver(
  messages: readonly BackfillMessage[],
  stackState: PullRequestState,
  queue: Queue & Backlog,
): Promise<TakenOver> {
  const waiting = await takeWaiting(queue);
  const merged = new Map(messages.map((message) => [scopeOf(message), message]));
  const superfluous: Waiting[] = [];
  const others: Waiting[] = [];
  for (const one of waiting) {
    const older = backfillMessageSchema.safeParse(parseJson(one.body)).data;
    const scope = older === undefined ? undefined : coveredScope(older);
    const own = scope === undefined ? undefined : merged.get(scope);
    if (older === undefined || scope === undefined || own === undefined) others.push(one);
    else {
      merged.set(scope, merge(own, older, stackState));
      superfluous.push(one);
    }
  }
  await putBack(others, queue);
  return { messages: [...merged.values()], superfluous };
}

/** What of a new run a message is worked off by; undefined for what goes on from somewhere. */
function coveredScope(message: BackfillMessage): string | undefined {
  if ("users" in message) return scopeOf({ ...message, last: false });
  return "work" in message && message.work !== undefined ? undefined : scopeOf(message);
}

function merge(own: BackfillMessage, older: BackfillMessage, stackState: PullRequestState): BackfillMessage {
  if ("definitions" in own || "definitions" in older) return own;
  const isAllowed = own.allowMassDelete === true || older.allowMassDelete === true;
  const deletesSuperseded = own.deleteSuperseded === true || older.deleteSuperseded === true;
  const both = { allowMassDelete: isAllowed, ...(deletesSuperseded ? { deleteSuperseded: true } : {}) };
  if ("users" in own || "users" in older) return { ...own, ...both };
  const [state, other] = [own.state ?? stackState, older.state ?? stackState];
  return { ...own, ...both, state: state === other ? state : "ALL" };
}

async function takeWaiting(queue: Backlog): Promise<readonly Waiting[]> {
  try {
    return await queue.takeWaiting(heldSeconds);
  } catch (error) {
    log("warn", "older messages of the backfill could not be looked at", describeError(error));
    return [];
  }
}

async function putBack(waiting: readonly Waiting[], queue: Queue): Promise<void> {
  try {
    await queue.hide(waiting.map(({ receiptHandle }) => ({ receiptHandle, seconds: 0 })));
  } catch (error) {
    log("warn", "visibility could not be set", describeError(error));
  }
}

/** Deletes what was taken over; what cannot be deleted is done once more. */
export async function dropSuperfluous(superfluous: readonly Waiting[], queue: Backlog): Promise<void> {
  try {
    await queue.discard(superfluous);
  } catch (error) {
    log("warn", "older messages of the backfill could not be deleted", describeError(error));
  }
}
