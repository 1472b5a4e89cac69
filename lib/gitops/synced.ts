import type { RequestError } from "../errors.ts";
import type { RepositoryTip } from "./context.ts";
import type { FileRecord } from "./record.ts";

/** What became of a repository's definition files. */
export interface Synced {
  readonly repository: RepositoryTip;
  /** Why nothing, or not all, was done of it, when it may be done later. */
  readonly failed?: RequestError;
  /** Something was written, or somebody else wrote beside: it has to be looked at again. */
  readonly again: "if moved" | "surely" | "no";
  /** Records of other repositories that have to be looked at. */
  readonly affected: readonly FileRecord[];
  /** Something is not defined any more and waits to be deleted. */
  readonly isLeaving: boolean;
  /** It has no definition file at that tip, and never had one that matters any more. */
  readonly hasNone?: boolean;
  /** Files in which something is wrong. */
  readonly faults: number;
}

export function notSynced(
  repository: RepositoryTip,
  failed?: RequestError,
  again: Synced["again"] = "no",
): Synced {
  return {
    repository,
    again,
    affected: [],
    isLeaving: false,
    faults: 0,
    ...(failed === undefined ? {} : { failed }),
  };
}
