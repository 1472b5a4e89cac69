import type { PullRequestState } from "../config/config.ts";
import { type BackfillMessage, scopeOf } from "../queue/backfill-message.ts";

/** What a container has gone through without a problem; a hint that saves calls, forgotten with the container. */
export interface FinishedPasses {
  /**
   * Whether a pass that began after this message was sent, at `sentAt` (epoch ms), did all that it asks for.
   * @param stackState what a message without a state asks for
   */
  cover(message: BackfillMessage, sentAt: number, stackState: PullRequestState): boolean;
  /** @param beganAt epoch ms */
  add(message: BackfillMessage, beganAt: number, stackState: PullRequestState): void;
}

/** The clocks of SQS and of a function differ by less, in ms. */
const clocksDifferMs = 5_000;

/**
 * While a project is worked on its queue group is closed, also to a resync that looks for what nobody has begun with: what
 * several resyncs sent meanwhile comes one after the other. The first does the work of all of them.
 */
export function createFinishedPasses(): FinishedPasses {
  const passes = new Map<string, Pass>();
  return {
    cover(message, sentAt, stackState) {
      const asked = passOf(message, 0, stackState);
      const done = passes.get(scopeOf(message));
      return (
        asked !== undefined &&
        done !== undefined &&
        sentAt + clocksDifferMs < done.beganAt &&
        (done.state === "ALL" || done.state === asked.state) &&
        (done.allowMassDelete || !asked.allowMassDelete) &&
        (done.deleteSuperseded || !asked.deleteSuperseded)
      );
    },
    add(message, beganAt, stackState) {
      const pass = passOf(message, beganAt, stackState);
      // Only a resync's own message looks after the webhook as well.
      if (pass !== undefined && message.runId !== undefined) passes.set(scopeOf(message), pass);
    },
  };
}

interface Pass {
  readonly beganAt: number;
  readonly state: PullRequestState;
  readonly allowMassDelete: boolean;
  readonly deleteSuperseded: boolean;
}

/** Undefined for what is not a project, a repository or the users from the beginning; deletions come after all others. */
function passOf(message: BackfillMessage, beganAt: number, stackState: PullRequestState): Pass | undefined {
  if ("definitions" in message || ("work" in message && message.work !== undefined)) return undefined;
  if ("users" in message && message.last) return undefined;
  const { allowMassDelete = false, deleteSuperseded = false } = message;
  const state = ("state" in message ? message.state : undefined) ?? stackState;
  return { beganAt, state, allowMassDelete, deleteSuperseded };
}
