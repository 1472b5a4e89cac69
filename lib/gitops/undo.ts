import type { Entity } from "../port/entity.ts";
import { clear } from "./clear.ts";
import type { GitopsContext } from "./context.ts";
import { currentNames } from "./final-records.ts";
import { undone } from "./plan.ts";
import { wroteOf } from "./record.ts";
import type { RepositoryPlan } from "./repository-plan.ts";
import { vanish } from "./vanish.ts";

/**
 * Clears what was written of other people's entities that files do not name any more.
 * @returns the plans in which something was
 */
export async function undo(
  plans: readonly RepositoryPlan[],
  context: Pick<GitopsContext, "port" | "blueprints">,
): Promise<ReadonlySet<RepositoryPlan>> {
  const touched = new Set<RepositoryPlan>();
  const due: Entity[] = [];
  for (const plan of plans) {
    const current = currentNames(plan);
    for (const record of plan.records) {
      for (const name of vanish(record, current, plan.claims).undone) {
        due.push(undone(name, wroteOf(record, name)));
        touched.add(plan);
      }
    }
  }
  await clear(due, context);
  return touched;
}
