import { addressName, type RepositoryAddress } from "../../bitbucket/address.ts";
import { objectPath } from "../../bitbucket/client.ts";
import { repositoryAddress } from "../../bitbucket/objects.ts";
import type { JsonObject } from "../../json.ts";
import { enrichmentFor, enrichmentOf } from "../enrich.ts";
import { observeObject } from "../observe.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { backfillPullRequests } from "./pull-requests.ts";
import { findPullRequestSuspects } from "./scopes.ts";
import { basesOf, type GoneEntity, resolveSuspects } from "./suspects.ts";
import { sweepProject } from "./sweep.ts";
import { type Listed, reconcileListed } from "./verify.ts";

/** Repositories that are worked on together: one search in Port covers the pull requests of all of them. */
export const repositoriesTogether = 25;

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
  /** Set when time ran out. */
  readonly next?: Cursor;
}

/**
 * Reconciles a project's repositories and their pull requests, some repositories at a time, until all are done or time
 * runs out; at least one lot is done, so that whoever goes on gets on.
 * @throws RequestError when a listing does not complete
 */
export async function backfillRepositories(
  project: string,
  cursor: Cursor,
  context: BackfillContext,
): Promise<RepositoriesDone> {
  const problems: Problems = [];
  const gone: GoneEntity[] = [];
  const path = `${objectPath({ kind: "project", key: project })}/repos`;
  const operation = "GET repos";
  let { after } = cursor;
  for await (const { start, values, next } of context.bitbucket.pages(path, operation, cursor.start)) {
    const done = after === undefined ? -1 : values.findIndex((repository) => repository["slug"] === after);
    const listed = values.slice(done + 1).map((object) => ({ object, path, operation, start }));
    after = undefined;
    context.progress?.("repository", { known: listed.length });
    for (let first = 0; first < listed.length; first += repositoriesTogether) {
      const lot = listed.slice(first, first + repositoriesTogether);
      const result = await backfillLot(lot, context);
      problems.push(...result.problems);
      gone.push(...result.gone);
      context.progress?.("repository", { done: lot.length });
      const isLast = first + repositoriesTogether >= listed.length && next === undefined;
      if (isLast || !context.outOfTime()) continue;
      return { problems, gone, next: { start, after: String(lot.at(-1)?.object["slug"]) } };
    }
  }
  return { problems, gone };
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
 * @throws RequestError when a listing does not complete; nothing is deleted then
 */
export async function backfillProject(
  key: string,
  work: ProjectWork,
  context: BackfillContext,
): Promise<{ problems: Problems; next?: ProjectWork }> {
  const { problems, gone, next } = await backfillRepositories(key, work.cursor, context);
  const all = [...work.gone, ...gone];
  if (next !== undefined) return { problems, next: { cursor: next, gone: all } };
  // What was gone an invocation ago may be back.
  const again = await resolveSuspects(work.gone, context);
  const swept = await sweepProject(key, [...again.gone, ...gone], context);
  return { problems: [...problems, ...again.problems, ...swept] };
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
