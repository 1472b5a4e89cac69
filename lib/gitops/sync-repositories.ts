import { RequestError } from "../errors.ts";
import type { BlueprintFields } from "./blueprints.ts";
import type { GitopsContext, RepositoryTip } from "./context.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { readClaims, readRecords } from "./records.ts";
import { notSynced, type Synced } from "./synced.ts";
import { isBehind, tipOf } from "./tip-of.ts";
import { writePlans } from "./write-plans.ts";

/** A repository that changes faster than it is read is left to its next events. */
const mostRounds = 3;

/**
 * Brings Port up to what the definition files of some repositories say at their tips; a repository that cannot be read
 * costs the others nothing. Whoever waits for what one of them lets go of is looked at as well, and whoever was pushed
 * to meanwhile again.
 * @throws RequestError when Port cannot be read
 */
export async function syncRepositories(
  repositories: readonly RepositoryTip[],
  context: GitopsContext,
): Promise<readonly Synced[]> {
  const done = new Map<string, Synced>();
  const rounds = new Map<string, number>();
  let due = repositories;
  while (due.length > 0) {
    const results = await syncRound(due, context);
    for (const synced of results) done.set(synced.repository.id, synced);
    for (const { id } of due) rounds.set(id, (rounds.get(id) ?? 0) + 1);
    const next = new Map<string, RepositoryTip>();
    for (const synced of results) {
      for (const repository of await lookAgain(synced, context)) next.set(repository.id, repository);
    }
    due = [...next.values()].filter(({ id }) => (rounds.get(id) ?? 0) < mostRounds);
  }
  return [...done.values()].map(unsettled);
}

/** Reads what there is of each, then writes all of it together. */
async function syncRound(repositories: readonly RepositoryTip[], context: GitopsContext): Promise<Synced[]> {
  const ids = repositories.map(({ id }) => id);
  const records = Map.groupBy(await readRecords(context.port, ids), ({ repositoryId }) => repositoryId);
  const schemas = new Map<string, BlueprintFields | undefined>();
  const synced: Synced[] = [];
  const prepared: Prepared[] = [];
  await Promise.all(
    repositories.map(async (repository) => {
      const own = records.get(repository.id) ?? [];
      try {
        const one = await prepare(repository, own, schemas, context);
        if (own.length + one.files.length > 0) prepared.push(one);
        else synced.push({ ...notSynced(repository), hasNone: one.hasNone });
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        synced.push(notSynced(repository, error));
      }
    }),
  );
  const names = prepared.flatMap((one) => [
    ...one.files.flatMap(({ entities }) => entities.map(({ name }) => name)),
    ...one.records.flatMap(({ entities, leaving }) => [...entities, ...leaving]),
  ]);
  const isAbout = prepared.some((one) => one.files.length > 0 || hasGone(one));
  const claims = isAbout ? await readClaims(context.port, names) : [];
  return [...synced, ...(await writePlans(prepared, claims, schemas, context))];
}

/** A file with a record is not there any more. */
function hasGone({ records, files, kept, dropped }: Prepared): boolean {
  const there = new Set([...files, ...kept, ...dropped].map(({ path }) => path));
  return records.some(({ path }) => !there.has(path));
}

/** The repositories that may have to be synced once more because of one. */
async function lookAgain(
  { repository, failed, again, affected }: Synced,
  context: GitopsContext,
): Promise<RepositoryTip[]> {
  if (failed !== undefined) return [];
  const due: RepositoryTip[] = [];
  if (again === "surely" || (again === "if moved" && (await isBehind(repository, context)))) {
    const { key, slug, id } = repository;
    const now = await tipOf({ key, slug, repositoryId: id }, context);
    if (now !== undefined) due.push({ ...repository, ...now, anew: again === "surely" });
  }
  for (const record of new Map(affected.map((it) => [it.repositoryId, it])).values()) {
    const other = await tipOf(record, context);
    if (other !== undefined) due.push({ ...other, anew: true });
  }
  return due;
}

/** Others began at the same time, again and again. */
function unsettled(synced: Synced): Synced {
  if (synced.again !== "surely" || synced.failed !== undefined) return synced;
  const failure = {
    service: "port",
    operation: "write records of definition files",
    code: "overtaken",
  } as const;
  return { ...synced, failed: new RequestError(failure, "others write them at the same time") };
}
