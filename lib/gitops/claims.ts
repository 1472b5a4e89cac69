import { type EntityName, type Fields, noFields, union } from "./names.ts";
import { type FileRecord, wroteOf } from "./record.ts";

/** What the records of a repository, and those of the others, say about an entity. */
export interface Claims {
  /** The record of another repository that has the entity and keeps it. */
  ownerOf(name: EntityName): FileRecord | undefined;
  /** Records of other repositories that wait for it. */
  waitingFor(name: EntityName): readonly FileRecord[];
  /** Records of other repositories that let go of it. */
  leavingFrom(name: EntityName): readonly FileRecord[];
  /** Whether it was made from here, by this repository or another one that has or had it. */
  isCreated(name: EntityName): boolean;
  /** All fields that were written of it. */
  wrote(name: EntityName): Fields;
}

/**
 * @param own the records of the repository
 * @param others records of other repositories
 */
export function claimsOf(
  repositoryId: string,
  own: readonly FileRecord[],
  others: readonly FileRecord[],
): Claims {
  const having = (records: readonly FileRecord[], list: "entities" | "waiting" | "leaving") => {
    const byName = new Map<EntityName, FileRecord[]>();
    for (const record of records) {
      for (const name of record[list]) byName.set(name, [...(byName.get(name) ?? []), record]);
    }
    return (name: EntityName) => byName.get(name) ?? [];
  };
  const ownHaving = having(own, "entities");
  const ownLeaving = having(own, "leaving");
  const ownWaiting = having(own, "waiting");
  const owners = having(others, "entities");
  const leavingFrom = having(others, "leaving");
  const waitingFor = having(others, "waiting");
  // Whoever waits for it may have made it, at the same time as another one.
  const writers = (name: EntityName) =>
    [ownHaving, ownLeaving, ownWaiting, owners, leavingFrom, waitingFor].flatMap((of) => of(name));

  return {
    ownerOf(name) {
      const [owner] = owners(name).toSorted(byRepository);
      if (owner === undefined) return undefined;
      // Both began at the same time: both see it, and agree.
      const isOurs = ownHaving(name).length > 0 && Number(repositoryId) < Number(owner.repositoryId);
      return isOurs ? undefined : owner;
    },
    waitingFor,
    leavingFrom,
    isCreated: (name) => writers(name).some(({ created }) => created.includes(name)),
    wrote(name) {
      return writers(name)
        .map((record) => wroteOf(record, name))
        .reduce(union, noFields);
    },
  };
}

function byRepository(a: FileRecord, b: FileRecord): number {
  return Number(a.repositoryId) - Number(b.repositoryId);
}
