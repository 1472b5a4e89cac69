import { log } from "../aws/log.ts";
import { deleteEntities } from "../sync/delete.ts";
import { type DeletionLimit, isTooMuch, withheld } from "../sync/mass-deletion.ts";
import { clear } from "./clear.ts";
import type { GitopsContext } from "./context.ts";
import { deleteTogether } from "./delete-together.ts";
import type { EntityName } from "./names.ts";
import { undone } from "./plan.ts";
import { type FileRecord, recordBlueprint, wroteOf } from "./record.ts";
import { readClaims, writeRecords } from "./records.ts";
import { refresh } from "./sweep-refresh.ts";

/** The limit is of all that was made from files. */
export interface SweepOptions extends DeletionLimit {
  /** Bitbucket's number of the only repository whose entities are deleted; undefined = all. */
  readonly only?: string | undefined;
}

/**
 * Deletes the entities that were made from files and that no file defines any more: after one last look at the tip of
 * their repository, and at all that others define.
 * @returns what is wrong, as sentences
 * @throws RequestError when Port is away
 */
export async function sweepDefinitions(options: SweepOptions, context: GitopsContext): Promise<string[]> {
  const { records, unclear } = await refresh(options.only, context);
  const due = dueRecords(records, unclear, options.only);
  const leaving = [...new Set(due.flatMap((record) => record.leaving))];
  if (leaving.length === 0) {
    await forget(due, new Set(), context);
    return [];
  }
  const claims = await readClaims(context.port, leaving);
  const claimed = new Set(claims.flatMap(({ entities, waiting }) => [...entities, ...waiting]));
  const free = leaving.filter((name) => !claimed.has(name));
  const created = new Set(due.flatMap((record) => record.created));
  const doomed = free.filter((name) => created.has(name));
  const total = new Set(records.flatMap((record) => record.created)).size;
  if (isTooMuch(doomed.length, total, options)) {
    for (const _ of doomed) context.count?.("gitops-entity", "withheld");
    return [withheld("definition files", doomed.length, total, options)];
  }
  const wrote = (name: EntityName) => due.map((record) => wroteOf(record, name));
  const relationsOf = (name: EntityName) => wrote(name).flatMap(({ relations }) => relations);
  const gone = await deleteTogether(doomed, relationsOf, context);
  for (const name of doomed) {
    context.count?.("gitops-entity", gone.has(name) ? "deleted" : "left");
    if (gone.has(name)) context.report?.("deleted", "gitops-entity", name);
  }
  const enriched = free.filter((name) => !created.has(name));
  await clear(
    enriched.flatMap((name) => wrote(name).map((fields) => undone(name, fields))),
    context,
  );
  // Whoever waits for something inherits it from here, with the right to delete it.
  const waited = new Set(claims.flatMap(({ waiting }) => waiting));
  const owned = new Set(claims.flatMap(({ entities }) => entities));
  const stays = (name: EntityName) => (waited.has(name) && !owned.has(name)) || doomed.includes(name);
  await forget(due, new Set(leaving.filter((name) => stays(name) && !gone.has(name))), context);
  return [];
}

/** Those of which something may be deleted: no file of their repository is in doubt. */
function dueRecords(
  records: readonly FileRecord[],
  unclear: ReadonlySet<string>,
  only: string | undefined,
): FileRecord[] {
  const faulty = new Set(records.filter((record) => record.unclear).map(({ repositoryId }) => repositoryId));
  return records.filter(({ identifier, leaving, gone, repositoryId }) => {
    if (leaving.length === 0 && !gone) return false;
    if (only !== undefined && repositoryId !== only) return false;
    if (!faulty.has(repositoryId) && !unclear.has(repositoryId)) return true;
    log("info", "not deleted: a definition file of the repository is in doubt", { record: identifier });
    return false;
  });
}

/** What has left is not in the records any more. @param kept what is not settled yet, which is tried again */
async function forget(
  records: readonly FileRecord[],
  kept: ReadonlySet<EntityName>,
  { port }: GitopsContext,
): Promise<void> {
  const before = new Map(records.map((record) => [record.identifier, record]));
  const rest = records.map((record) => {
    const leaving = record.leaving.filter((name) => kept.has(name));
    const stay = new Set([...record.entities, ...leaving]);
    const wrote = Object.fromEntries(Object.entries(record.wrote).filter(([name]) => stay.has(name)));
    return { ...record, leaving, created: record.created.filter((name) => stay.has(name)), wrote };
  });
  const isEmpty = ({ gone, leaving }: FileRecord) => gone && leaving.length === 0;
  await writeRecords(
    port,
    rest.filter((record) => !isEmpty(record)),
    before,
  );
  const empty = rest.filter(isEmpty).map(({ identifier }) => identifier);
  await deleteEntities(recordBlueprint, empty, port);
}
