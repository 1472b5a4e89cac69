import { keyOf } from "../port/entity.ts";
import type { GitopsContext } from "./context.ts";
import { finalRecords } from "./final-records.ts";
import type { Present } from "./plan.ts";
import type { FileRecord } from "./record.ts";
import { readRecordsAt, writeRecords } from "./records.ts";
import type { RepositoryPlan } from "./repository-plan.ts";

/**
 * Notes who has an entity, and that it was made from here, before it is made: whoever is cut off in between has not made
 * something that nobody knows of. Only where something is new.
 * @param old the repositories' records as they were read, by identifier
 * @returns the records as they stand then
 */
export async function writeAhead(
  plans: readonly RepositoryPlan[],
  old: ReadonlyMap<string, FileRecord>,
  present: Present,
  { port }: GitopsContext,
): Promise<ReadonlyMap<string, FileRecord>> {
  const due = plans
    .filter((plan) => bringsNew(plan, present))
    .flatMap((plan) => finalRecords(plan, () => undefined));
  const unfinished = due.map((record) => ({ ...record, commit: "" }));
  await writeRecords(port, await asideOf(unfinished, old, port), new Map());
  const written = await writeRecords(port, unfinished, old);
  return new Map([...old, ...written.map((record) => [record.identifier, record] as const)]);
}

/** Whether a plan has an entity that Port does not have, or that the repository's records do not. */
export function bringsNew({ decisions, records }: RepositoryPlan, { existing }: Present): boolean {
  return [...decisions.values()].some(
    (decision) =>
      decision.is === "ours" &&
      (!existing.has(keyOf(decision.entity)) ||
        !records.some(({ entities }) => entities.includes(decision.name))),
  );
}

/** Records that stand where some of these are to go, of a repository that had the address before, and where they go. */
export async function asideOf(
  records: readonly FileRecord[],
  own: ReadonlyMap<string, FileRecord>,
  port: GitopsContext["port"],
): Promise<FileRecord[]> {
  const owners = new Map(records.map(({ identifier, repositoryId }) => [identifier, repositoryId]));
  const fresh = [...owners.keys()].filter(
    (identifier) => own.get(identifier)?.repositoryId !== owners.get(identifier),
  );
  const standing = await readRecordsAt(port, fresh);
  const foreign = standing.filter(({ identifier, repositoryId }) => owners.get(identifier) !== repositoryId);
  return foreign.map((record) => ({ ...record, identifier: `${record.identifier}@${record.repositoryId}` }));
}
