import { isOutOfTime } from "../errors.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { backfillRepositories, type Cursor, type PutOff } from "./repositories.ts";
import { sweepProject } from "./sweep.ts";
import { type GoneEntity, resolveUnlisted } from "./unlisted.ts";

/** How far a project is, between invocations. */
export interface ProjectWork {
  readonly cursor: Cursor;
  /** Pull requests that Bitbucket said are gone. */
  readonly gone: readonly GoneEntity[];
  /** How many more it said that of, which the next run will find again. */
  readonly dropped?: number | undefined;
}

export const projectStart: ProjectWork = { cursor: { start: 0 }, gone: [] };

export interface ProjectDone {
  readonly problems: Problems;
  /** Repositories in which something failed for now. */
  readonly putOff: readonly PutOff[];
  /** Where to go on when time ran out. */
  readonly next?: ProjectWork;
}

/**
 * Reconciles a project: its repositories with their pull requests, then what is gone of them.
 * @throws RequestError when a listing does not complete; nothing is deleted then. AbortError when the time did not suffice
 * to get on at all
 */
export async function backfillProject(
  key: string,
  work: ProjectWork,
  context: BackfillContext,
): Promise<ProjectDone> {
  const { reached, isWhole, ...done } = await backfillRepositories(key, work.cursor, context);
  const { problems, putOff } = done;
  const later: ProjectWork = { ...work, cursor: reached ?? work.cursor, gone: [...work.gone, ...done.gone] };
  if (!isWhole) return { problems, putOff, next: later };
  try {
    // What was gone an invocation ago may be back.
    const again = await resolveUnlisted(work.gone, context);
    const swept = await sweepProject(key, [...again.gone, ...done.gone], context, work.dropped);
    return { problems: [...problems, ...again.problems, ...swept], putOff };
  } catch (error) {
    if (!isOutOfTime(error)) throw error;
    if (reached !== undefined) return { problems, putOff, next: later };
    // Not even a whole invocation was enough to ask for all of them.
    if (work.gone.length < 2) throw error;
    return { problems, putOff, next: halved(work) };
  }
}

function halved(work: ProjectWork): ProjectWork {
  const gone = work.gone.slice(0, Math.ceil(work.gone.length / 2));
  return { ...work, gone, dropped: (work.dropped ?? 0) + work.gone.length - gone.length };
}
