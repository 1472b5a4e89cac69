import type { Claims } from "./claims.ts";
import type { RepositoryTip } from "./context.ts";
import type { EntityName } from "./names.ts";
import type { Decision } from "./plan.ts";
import type { Tree } from "./read-tree.ts";
import type { FileRecord } from "./record.ts";
import type { WantedFile } from "./wanted.ts";

/** What is decided about a repository's files. */
export interface RepositoryPlan {
  readonly repository: RepositoryTip;
  /** The identifier of the repository's entity. */
  readonly entity: string | undefined;
  readonly settings: string;
  readonly records: readonly FileRecord[];
  readonly claims: Claims;
  readonly files: readonly WantedFile[];
  readonly kept: Tree["kept"];
  readonly dropped: Tree["dropped"];
  readonly decisions: ReadonlyMap<EntityName, Decision>;
}
