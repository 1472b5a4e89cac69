import type { GitopsContext, RepositoryTip } from "./context.ts";
import type { FileRecord } from "./record.ts";
import { readOwners } from "./records.ts";
import { addressOf } from "./repository-address.ts";
import { syncRepositories } from "./sync-repositories.ts";
import { tipOf } from "./tip-of.ts";

export interface Refreshed {
  /** All records, as they are now. */
  readonly records: readonly FileRecord[];
  /** Bitbucket's numbers of the repositories of which nobody can tell now what they define. */
  readonly unclear: ReadonlySet<string>;
}

/**
 * Looks at the repositories that something is leaving, or in which something may come right by now, at their present
 * tips.
 * @param only Bitbucket's number of the only repository that is looked at; undefined = all
 */
export async function refresh(only: string | undefined, context: GitopsContext): Promise<Refreshed> {
  const records = await readOwners(context.port);
  const unclear = new Set<string>();
  const due: RepositoryTip[] = [];
  for (const [id, own] of Map.groupBy(records, ({ repositoryId }) => repositoryId)) {
    const isDue = own.some(({ leaving, retry }) => leaving.length > 0 || retry);
    if (!isDue || (only !== undefined && id !== only)) continue;
    const [first] = own;
    const present = first && (await tipOf(first, context));
    if (present === undefined) {
      // Of one that is elsewhere by now only a whole run can tell: it looks everywhere before.
      const isLeft = only !== undefined || first === undefined || !(await isGone(first, context));
      if (isLeft) unclear.add(id);
    } else if (own.some(({ commit, retry, gone }) => commit !== present.tip || retry || gone)) {
      due.push(present);
    }
  }
  if (due.length === 0) return { records, unclear };
  for (const { repository, failed, again } of await syncRepositories(due, context)) {
    if (failed !== undefined || again === "surely") unclear.add(repository.id);
  }
  return { records: await readOwners(context.port), unclear };
}

/** Bitbucket says that it is not there, or that another repository is. */
async function isGone(record: FileRecord, { bitbucket }: GitopsContext): Promise<boolean> {
  const answer = await bitbucket.find(addressOf(record));
  if (answer.is === "here") return String(answer.object["id"]) !== record.repositoryId;
  return answer.is === "gone" || answer.is === "elsewhere";
}
