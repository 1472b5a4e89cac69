import type { Claims } from "./claims.ts";
import type { EntityName } from "./names.ts";
import type { FileRecord } from "./record.ts";

export interface Vanished {
  /** Made from here, or wanted by another repository: they leave, and are settled later. */
  readonly leaving: readonly EntityName[];
  /** Somebody else's entities, which lose what was written of them. */
  readonly undone: readonly EntityName[];
}

/**
 * What becomes of the entities of a record that its repository does not define any more.
 * @param current all that the repository defines
 */
export function vanish(record: FileRecord, current: ReadonlySet<EntityName>, claims: Claims): Vanished {
  const leaving: EntityName[] = [];
  const undone: EntityName[] = [];
  for (const name of new Set([...record.entities, ...record.leaving])) {
    if (current.has(name) || claims.ownerOf(name) !== undefined) continue;
    const leaves = record.created.includes(name) || claims.waitingFor(name).length > 0;
    if (leaves) leaving.push(name);
    else undone.push(name);
  }
  return { leaving, undone };
}
