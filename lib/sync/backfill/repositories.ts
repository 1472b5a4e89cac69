import { addressName, type RepositoryAddress } from "../../bitbucket/address.ts";
import { objectPath } from "../../bitbucket/client.ts";
import { repositoryAddress } from "../../bitbucket/objects.ts";
import { isOutOfTime } from "../../errors.ts";
import type { JsonObject } from "../../json.ts";
import { enrichmentFor, enrichmentOf } from "../enrich.ts";
import { observeObject } from "../observe.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { backfillPullRequests } from "./pull-requests.ts";
import { findPullRequestSuspects } from "./scopes.ts";
import { basesOf, type GoneEntity, resolveSuspects } from "./suspects.ts";
import { type Listed, reconcileListed } from "./verify.ts";

/** Repositories that are worked on together: one search in Port covers the pull requests of all of them. */
const repositoriesTogether = 25;

/** Where to go on in a project's repositories. */
export interface Cursor {
  /** The start of the listing's page. */
  readonly start: number;
  /** The last repository of it that is done. */
  readonly after?: string | undefined;
}

export interface RepositoriesDone {
  readonly problems: Problems;
  /** Pull requests that Bitbucket says are gone. */
  readonly gone: readonly GoneEntity[];
  /** Where to go on; undefined when nothing was done. */
  readonly reached: Cursor | undefined;
  /** False when time ran out before. */
  readonly isWhole: boolean;
}

/**
 * Reconciles a project's repositories and their pull requests, some repositories at a time, until all are done or time
 * runs out. A lot that the end of the time cuts off is done again by whoever goes on; one lot at least is whole.
 * @throws RequestError when a listing does not complete; AbortError when the time did not suffice for one lot
 */
export async function backfillRepositories(
  project: string,
  cursor: Cursor,
  context: BackfillContext,
): Promise<RepositoriesDone> {
  const problems: Problems = [];
  const gone: GoneEntity[] = [];
  let reached: Cursor | undefined;
  try {
    for await (const { lot, at, isLast } of lotsOf(project, cursor, context)) {
      const retries: (number | undefined)[] = [];
      const result = await backfillLot(lot, { ...context, onRetry: (ms) => retries.push(ms) });
      const isCutOff = retries.length > 0 && context.outOfTime();
      if (isCutOff && reached !== undefined) return { problems, gone, reached, isWhole: false };
      for (const retryAfterMs of retries) context.onRetry?.(retryAfterMs);
      problems.push(...result.problems);
      gone.push(...result.gone);
      reached = at;
      context.progress?.("repository", { done: lot.length });
      if (!isLast && context.outOfTime()) return { problems, gone, reached, isWhole: false };
    }
  } catch (error) {
    if (reached === undefined || !isOutOfTime(error)) throw error;
    return { problems, gone, reached, isWhole: false };
  }
  return { problems, gone, reached, isWhole: true };
}

interface Lot {
  readonly lot: readonly Listed[];
  /** Where to go on after it. */
  readonly at: Cursor;
  readonly isLast: boolean;
}

/** The repositories from the cursor on. */
async function* lotsOf(project: string, cursor: Cursor, context: BackfillContext): AsyncGenerator<Lot> {
  const path = `${objectPath({ kind: "project", key: project })}/repos`;
  const operation = "GET repos";
  const size = context.repositoriesTogether ?? repositoriesTogether;
  let { after } = cursor;
  for await (const { start, values, next } of context.bitbucket.pages(path, operation, cursor.start)) {
    const done = after === undefined ? -1 : values.findIndex((repository) => repository["slug"] === after);
    const listed = values.slice(done + 1).map((object) => ({ object, path, operation, start }));
    after = undefined;
    context.progress?.("repository", { known: listed.length });
    for (let first = 0; first < listed.length; first += size) {
      const lot = listed.slice(first, first + size);
      const isLast = first + size >= listed.length && next === undefined;
      yield { lot, at: { start, after: String(lot.at(-1)?.object["slug"]) }, isLast };
    }
  }
}

async function backfillLot(lot: readonly Listed[], context: BackfillContext) {
  const { bitbucket, counts, mapper } = context;
  const enrichment = enrichmentFor(mapper);
  const addresses = lot.flatMap(({ object }) => repositoryAddress(object) ?? []);
  const extras = new Map<string, JsonObject>();
  await Promise.all(
    addresses.map(async (address) => {
      extras.set(addressName(address), await enrichmentOf(address, enrichment, bitbucket));
    }),
  );
  counts.repository.seen += lot.length;
  const repositories = await reconcileListed(
    lot,
    (object) => String(object["slug"]),
    (object, order) => {
      const address = repositoryAddress(object);
      if (address === undefined) return [];
      return observeObject(address, { ...object, ...extras.get(addressName(address)) }, { order });
    },
    context,
  );
  const pullRequests = await backfillPullRequests(addresses, context);
  const bases = basesOf(
    lot.map(({ object }) => object),
    context,
  );
  const found = await findPullRequestSuspects(addresses, bases, pullRequests.listed, context);
  counts["pull-request"].left += found.left;
  const resolved = await resolveSuspects(found.suspects, context);
  return {
    problems: [...repositories.problems, ...pullRequests.problems, ...resolved.problems],
    gone: resolved.gone,
  };
}

/** Reconciles one repository with its pull requests; nothing is deleted. */
export async function backfillRepository(
  address: RepositoryAddress,
  context: BackfillContext,
): Promise<Problems> {
  const object = await context.bitbucket.object(address);
  if (object === undefined) return [];
  const path = `${objectPath({ kind: "project", key: address.key })}/repos`;
  return (await backfillLot([{ object, path, operation: "GET repos", start: 0 }], context)).problems;
}
