import { deleteEntities } from "../sync/delete.ts";
import { differs } from "../sync/difference.ts";
import type { GitopsContext } from "./context.ts";
import { type FileRecord, recordBlueprint, toEntity } from "./record.ts";
import { readRecords, writeRecords } from "./records.ts";
import type { RepositoryPlan } from "./repository-plan.ts";
import { asideOf } from "./write-ahead.ts";

/**
 * Whether the records of a repository still stand as this process left them: somebody else may have synced it beside.
 * @param ahead the records as they should stand, by identifier
 */
export async function isAsExpected(
  plans: readonly RepositoryPlan[],
  old: ReadonlyMap<string, FileRecord>,
  ahead: ReadonlyMap<string, FileRecord>,
  { port }: GitopsContext,
): Promise<(plan: RepositoryPlan) => boolean> {
  const ids = plans.map(({ repository }) => repository.id);
  const found = Map.groupBy(await readRecords(port, ids), ({ repositoryId }) => repositoryId);
  return ({ repository, records }) => {
    const now = found.get(repository.id) ?? [];
    const expected = [...ahead.values()].filter(({ repositoryId }) => repositoryId === repository.id);
    const known = new Map(expected.map((record) => [record.identifier, record]));
    const isSame = (record: FileRecord) => {
      const other = known.get(record.identifier);
      return other !== undefined && !differs(toEntity(record), toEntity(other));
    };
    return (
      now.every(isSame) && records.every(({ identifier }) => !old.has(identifier) || known.has(identifier))
    );
  };
}

/**
 * Writes the records of a repository, lets go of those that it has no more, and lets others forget what they left and
 * what is this repository's now.
 * @returns the records that were written or deleted
 */
export async function settleRecords(
  { records: before, decisions, claims }: RepositoryPlan,
  records: readonly FileRecord[],
  ahead: ReadonlyMap<string, FileRecord>,
  { port }: GitopsContext,
): Promise<readonly FileRecord[]> {
  await writeRecords(port, await asideOf(records, ahead, port), new Map());
  const written = await writeRecords(port, records, ahead);
  const identifiers = new Set(records.map(({ identifier }) => identifier));
  const obsolete = before.filter(({ identifier }) => !identifiers.has(identifier));
  await deleteEntities(
    recordBlueprint,
    obsolete.map(({ identifier }) => identifier),
    port,
  );
  const ours = new Set([...decisions].flatMap(([name, { is }]) => (is === "ours" ? [name] : [])));
  const left = new Map(
    [...ours].flatMap((name) => claims.leavingFrom(name)).map((record) => [record.identifier, record]),
  );
  const forgetting = [...left.values()].map((record) => ({
    ...record,
    leaving: record.leaving.filter((name) => !ours.has(name)),
    created: record.created.filter((name) => !ours.has(name)),
  }));
  return [...written, ...obsolete, ...(await writeRecords(port, forgetting, left))];
}
