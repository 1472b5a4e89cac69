import { log } from "../aws/log.ts";
import type { RepositoryAddress } from "../bitbucket/address.ts";
import { isForbidden, isOutOfTime, RequestError } from "../errors.ts";
import type { Removal } from "../sync/removal.ts";
import { removeAway } from "./away.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { MovedError } from "./moved.ts";
import { backfillRepositories, type Cursor, type PutOff } from "./repositories.ts";
import { sweepProject } from "./sweep.ts";
import { resolveUnlisted } from "./unlisted.ts";

/** How far a project is, between invocations. */
export interface ProjectWork {
  readonly cursor: Cursor;
  /** Pull requests that Bitbucket said are gone. */
  readonly gone: readonly Removal[];
  /** How many more it said that of, which the next run will find again. */
  readonly dropped?: number | undefined;
}

export const projectStart: ProjectWork = { cursor: { start: 0 }, gone: [] };

export interface ProjectDone {
  readonly problems: Problems;
  /** Repositories in which something failed for now. */
  readonly putOff: readonly PutOff[];
  /** Repositories that were found somewhere else, and are to be read there. */
  readonly moved: readonly RepositoryAddress[];
  /** Where to go on when time ran out. */
  readonly next?: ProjectWork;
}

/**
 * Reconciles a project: its repositories with their pull requests, then what is gone of them. A project that is not
 * there any more, or may not be seen any more, is left to whoever lists the projects.
 * @throws RequestError when a listing does not complete; nothing is deleted then. AbortError when the time did not suffice
 * to get on at all
 */
export async function backfillProject(
  key: string,
  work: ProjectWork,
  context: BackfillContext,
): Promise<ProjectDone> {
  try {
    return await reconcileProject(key, work, context);
  } catch (error) {
    if (!(error instanceof MovedError || error instanceof RequestError)) throw error;
    const answer = await context.bitbucket.find({ kind: "project", key });
    if (answer.is === "gone" || answer.is === "elsewhere") {
      log("info", "project is not there any more", { project: key, whereabouts: answer.is });
      // What was written before it went would stay.
      const problems = await removeAway({ kind: "project", key }, answer.is === "elsewhere", context);
      return { ...nothingDone, problems };
    }
    if (answer.is === "unknown" && isForbidden(answer.error)) {
      log("warn", "these credentials may not see a project", { project: key });
      context.notes.push(`project:${key}: these credentials may not see it, it stays in Port`);
      return nothingDone;
    }
    throw error;
  }
}

const nothingDone: ProjectDone = { problems: [], putOff: [], moved: [] };

async function reconcileProject(
  key: string,
  work: ProjectWork,
  context: BackfillContext,
): Promise<ProjectDone> {
  const { reached, isWhole, ...done } = await backfillRepositories(key, work.cursor, context);
  const { problems, putOff } = done;
  const later: ProjectWork = { ...work, cursor: reached ?? work.cursor, gone: [...work.gone, ...done.gone] };
  if (!isWhole) return { problems, putOff, moved: [], next: later };
  try {
    // What was gone an invocation ago may be back.
    const again = await resolveUnlisted(work.gone, context);
    const swept = await sweepProject(key, [...again.gone, ...done.gone], context, work.dropped);
    const all = [...problems, ...again.problems, ...swept.problems];
    return { problems: all, putOff, moved: swept.moved };
  } catch (error) {
    if (!isOutOfTime(error)) throw error;
    if (reached !== undefined) return { problems, putOff, moved: [], next: later };
    // Not even a whole invocation was enough to ask for all of them.
    if (work.gone.length < 2) throw error;
    return { problems, putOff, moved: [], next: halved(work) };
  }
}

function halved(work: ProjectWork): ProjectWork {
  const gone = work.gone.slice(0, Math.ceil(work.gone.length / 2));
  return { ...work, gone, dropped: (work.dropped ?? 0) + work.gone.length - gone.length };
}
