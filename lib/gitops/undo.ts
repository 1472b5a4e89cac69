import type { PortClient } from "../port/client.ts";
import { type Entity, keyOf } from "../port/entity.ts";
import { existenceQuery, readEntities } from "../sync/read.ts";
import { upsertAll } from "../sync/upsert.ts";
import type { GitopsContext } from "./context.ts";
import { currentNames } from "./final-records.ts";
import { noFields } from "./names.ts";
import { undone } from "./plan.ts";
import type { RepositoryPlan } from "./repository-plan.ts";
import { vanish } from "./vanish.ts";

/**
 * Clears what was written of other people's entities that files do not name any more.
 * @returns the plans in which something was
 */
export async function undo(
  plans: readonly RepositoryPlan[],
  { port }: Pick<GitopsContext, "port">,
): Promise<ReadonlySet<RepositoryPlan>> {
  const touched = new Set<RepositoryPlan>();
  const due: Entity[] = [];
  for (const plan of plans) {
    const current = currentNames(plan);
    for (const record of plan.records) {
      for (const name of vanish(record, current, plan.claims).undone) {
        due.push(undone(name, record.wrote[name] ?? noFields));
        touched.add(plan);
      }
    }
  }
  await clear(due, port);
  return touched;
}

/**
 * Writes entities that clear fields, where they are there. What Port will not let go of (a property that is required)
 * stays.
 */
export async function clear(entities: readonly Entity[], port: PortClient): Promise<void> {
  const existing = await readEntities(
    port,
    entities.map((entity) => existenceQuery(keyOf(entity))),
  );
  const there = entities.filter((entity) => existing.has(keyOf(entity)));
  for (const own of Map.groupBy(there, ({ blueprint }) => blueprint).values()) {
    await upsertAll(port, own, false);
  }
}
