import type { GitopsContext } from "./context.ts";
import type { EntityName } from "./names.ts";
import type { FileRecord } from "./record.ts";
import type { RepositoryPlan } from "./repository-plan.ts";
import type { Written } from "./write-entities.ts";

/** Counts and reports what became of a repository's files and entities. */
export function countSynced(
  { decisions, records: before }: RepositoryPlan,
  records: readonly FileRecord[],
  settled: readonly FileRecord[],
  written: (name: EntityName) => Written | undefined,
  { count, report, dryRun }: Pick<GitopsContext, "count" | "report" | "dryRun">,
): void {
  for (const name of decisions.keys()) {
    const result = written(name);
    if (result === undefined) continue;
    count?.("gitops-entity", "seen");
    count?.("gitops-entity", result.is === "refused" ? "failed" : result.is);
    if (result.is === "created" || result.is === "updated") report?.(result.is, "gitops-entity", name);
  }
  // What is leaving goes with the end of the run; a run that writes nothing does not find it there.
  for (const { leaving, created } of dryRun ? records : []) {
    for (const name of leaving.filter((each) => created.includes(each))) {
      count?.("gitops-entity", "deleted");
      report?.("deleted", "gitops-entity", name);
    }
  }
  const known = new Set(before.map(({ identifier }) => identifier));
  const due = new Set(settled.map(({ identifier }) => identifier));
  for (const { identifier, status } of records) {
    if (status === "FAULT") count?.("gitops-file", "failed");
    const what = known.has(identifier) ? "updated" : "created";
    const isDue = due.has(identifier);
    count?.("gitops-file", "seen");
    count?.("gitops-file", isDue ? what : "unchanged");
    if (isDue) report?.(what, "gitops-file", identifier);
  }
}
