import type { GitopsContext } from "./context.ts";
import type { EntityName } from "./names.ts";
import { oursOf } from "./plan.ts";
import type { FileRecord } from "./record.ts";
import { readClaims } from "./records.ts";
import type { RepositoryPlan } from "./repository-plan.ts";

/**
 * Records of other repositories that have what some plans have just noted as theirs, too: of two that began at the same
 * time, at least the second one sees it.
 * @returns those of a plan
 */
export async function readContested(
  plans: readonly RepositoryPlan[],
  { port }: Pick<GitopsContext, "port">,
): Promise<(plan: RepositoryPlan) => readonly FileRecord[]> {
  const found = await readClaims(port, plans.flatMap(takenBy));
  return (plan) => {
    const taken = new Set(takenBy(plan));
    return found.filter(
      ({ repositoryId, entities }) =>
        repositoryId !== plan.repository.id && entities.some((name) => taken.has(name)),
    );
  };
}

/** What the repository did not have for sure before. */
function takenBy({ decisions, records }: RepositoryPlan): EntityName[] {
  const before = new Set(records.flatMap(({ commit, entities }) => (commit === "" ? [] : entities)));
  return oursOf(decisions)
    .map(({ name }) => name)
    .filter((name) => !before.has(name));
}
