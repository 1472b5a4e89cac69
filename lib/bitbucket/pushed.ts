import type { Json } from "../json.ts";
import { field, textField } from "./objects.ts";

/** A branch and the commits that it pointed to before a push and after it; 40 zeros where it was not there. */
export interface PushedBranch {
  /** In full, e.g. `refs/heads/main`. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** The commits that branches and tags point to after the changes of a push. */
export function pushedHashes(changes: Json | undefined): string[] {
  const hashes = (Array.isArray(changes) ? changes : []).map((change) => textField(change, "toHash"));
  return hashes.filter((hash) => hash !== undefined && !/^0+$/.test(hash)) as string[];
}

/** Undefined where what was changed is not told, or not all of it: an empty list is none of a push. */
export function pushedBranches(changes: Json | undefined): PushedBranch[] | undefined {
  if (!Array.isArray(changes) || changes.length === 0) return undefined;
  const branches: PushedBranch[] = [];
  for (const change of changes) {
    const id = textField(change, "refId") ?? textField(field(change, "ref"), "id");
    const from = textField(change, "fromHash");
    const to = textField(change, "toHash");
    if (id === undefined || from === undefined || to === undefined) return undefined;
    if (id.startsWith("refs/heads/")) branches.push({ id, from, to });
  }
  return branches;
}
