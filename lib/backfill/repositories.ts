import { projectAddress } from "../bitbucket/objects.ts";
import { objectPath } from "../bitbucket/path.ts";
import { isOutOfTime } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { Removal } from "../sync/removal.ts";
import { backfillChunk } from "./chunk.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { MovedError } from "./moved.ts";
import type { Listed } from "./reconcile-listed.ts";

/** Repositories that are worked on together: one search in Port covers the pull requests of all of them. */
const repositoriesTogether = 25;
/** Where more of them have something that failed for now, the trouble is not theirs. */
const mostPutOff = 100;

/** Where to go on in a project's repositories. */
export interface Cursor {
  /** The start of the listing's page. */
  readonly start: number;
  /** The last repository of it that is done. */
  readonly after?: string | undefined;
}

/** A repository, with the ms that a service asked to wait. */
export interface PutOff {
  readonly slug: string;
  readonly retryAfterMs: number | undefined;
}

export interface RepositoriesDone {
  readonly problems: Problems;
  /** Pull requests that Bitbucket says are gone. */
  readonly gone: readonly Removal[];
  /** Those in which something failed for now; they are to be read once more. */
  readonly putOff: readonly PutOff[];
  /** Where to go on; undefined when nothing was done. */
  readonly reached: Cursor | undefined;
  /** False when time ran out before. */
  readonly isWhole: boolean;
}

/**
 * Reconciles a project's repositories and their pull requests, some repositories at a time, until all are done or time
 * runs out. A chunk that the end of the time cuts off is done again by whoever goes on; one chunk at least is whole.
 * @throws RequestError when a listing does not complete; AbortError when the time did not suffice for one chunk
 */
export async function backfillRepositories(
  project: string,
  cursor: Cursor,
  context: BackfillContext,
): Promise<RepositoriesDone> {
  const problems: Problems = [];
  const gone: Removal[] = [];
  const putOff = new Map<string, PutOff>();
  let reached: Cursor | undefined;
  const done = (isWhole: boolean) => ({ problems, gone, putOff: [...putOff.values()], reached, isWhole });
  const { onRetry } = context;
  const own: BackfillContext = {
    ...context,
    ...(onRetry && {
      onRetry(retryAfterMs, address) {
        if (address === undefined || address.kind === "project") onRetry(retryAfterMs);
        else putOff.set(address.slug, { slug: address.slug, retryAfterMs });
      },
    }),
  };
  try {
    for await (const { chunk, at, isLast } of repositoryChunks(project, cursor, context)) {
      const result = await backfillChunk(chunk, own);
      problems.push(...result.problems);
      gone.push(...result.gone);
      reached = at;
      context.progress?.("repository", { done: chunk.length });
      if (putOff.size > mostPutOff) {
        onRetry?.(undefined);
        return done(false);
      }
      if (!isLast && context.outOfTime()) return done(false);
    }
  } catch (error) {
    if (reached === undefined || !isOutOfTime(error)) throw error;
    return done(false);
  }
  return done(true);
}

interface Chunk {
  readonly chunk: readonly Listed[];
  /** Where to go on after it. */
  readonly at: Cursor;
  readonly isLast: boolean;
}

/** The repositories from the cursor on. */
async function* repositoryChunks(
  project: string,
  cursor: Cursor,
  context: BackfillContext,
): AsyncGenerator<Chunk> {
  const path = `${objectPath({ kind: "project", key: project })}/repos`;
  const operation = "GET repos";
  const size = context.repositoriesTogether ?? repositoriesTogether;
  let { after } = cursor;
  for await (const { start, values, next } of context.bitbucket.pages(path, operation, cursor.start)) {
    const done = after === undefined ? -1 : values.findIndex((repository) => repository["slug"] === after);
    if (values.some((object) => !isIn(project, object))) throw new MovedError(project);
    const listed = values.slice(done + 1).map((object) => ({ object, path, operation, start }));
    after = undefined;
    context.progress?.("repository", { known: listed.length });
    for (let first = 0; first < listed.length; first += size) {
      const chunk = listed.slice(first, first + size);
      const isLast = first + size >= listed.length && next === undefined;
      yield { chunk, at: { start, after: String(chunk.at(-1)?.object["slug"]) }, isLast };
    }
  }
}

function isIn(project: string, repository: JsonObject): boolean {
  const own = projectAddress(repository["project"])?.key ?? project;
  return own.toLowerCase() === project.toLowerCase();
}
