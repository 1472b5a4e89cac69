import { isOutOfTime } from "../../errors.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { backfillRepositories, type Cursor } from "./repositories.ts";
import { type GoneEntity, resolveSuspects } from "./suspects.ts";
import { sweepProject } from "./sweep.ts";

/** How far a project is, between invocations. */
export interface ProjectWork {
  readonly cursor: Cursor;
  /** Pull requests that Bitbucket said are gone. */
  readonly gone: readonly GoneEntity[];
}

export const projectStart: ProjectWork = { cursor: { start: 0 }, gone: [] };

/**
 * Reconciles a project: its repositories with their pull requests, then what is gone of them.
 * @returns what is wrong, and where to go on when time ran out
 * @throws RequestError when a listing does not complete; nothing is deleted then. AbortError when the time did not suffice
 * to get on at all
 */
export async function backfillProject(
  key: string,
  work: ProjectWork,
  context: BackfillContext,
): Promise<{ problems: Problems; next?: ProjectWork }> {
  const { problems, gone, reached, isWhole } = await backfillRepositories(key, work.cursor, context);
  const later = (cursor: Cursor) => ({ problems, next: { cursor, gone: [...work.gone, ...gone] } });
  if (!isWhole && reached !== undefined) return later(reached);
  try {
    // What was gone an invocation ago may be back.
    const again = await resolveSuspects(work.gone, context);
    const swept = await sweepProject(key, [...again.gone, ...gone], context);
    return { problems: [...problems, ...again.problems, ...swept] };
  } catch (error) {
    if (reached === undefined || !isOutOfTime(error)) throw error;
    return later(reached);
  }
}
