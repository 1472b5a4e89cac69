import type { Entity, EntityKey } from "../port/entity.ts";
import type { Contest } from "./candidate.ts";
import type { SyncContext } from "./context.ts";
import { existenceOf, readEntities, wishFor } from "./read.ts";
import { targetKeys, withoutDangling } from "./relations.ts";

/** Everything that the plan is made from. */
export interface PlanInput {
  readonly contests: readonly Contest[];
  readonly existing: ReadonlyMap<EntityKey, Entity>;
  /** What only has to be there and is known to be, so that it was not read. */
  readonly present: ReadonlySet<EntityKey>;
}

/**
 * Reads what Port has for the candidates, and whether what they relate to is there: one search per blueprint, and none
 * for what is remembered to be there. Relations that would lead nowhere are taken out of the candidates.
 * @throws RequestError
 */
export async function readForPlan(contests: readonly Contest[], context: SyncContext): Promise<PlanInput> {
  const { memory, targetOf } = context;
  const own = new Set(contests.map(({ key }) => key));
  const related = contests.flatMap(({ winner, losers }) =>
    [winner, ...losers].flatMap(({ entity }) => targetKeys(entity, targetOf)),
  );
  const unsure = new Set(related.filter((key) => !own.has(key) && !memory.exists(key)));
  // Noted now: by the time of writing it may be forgotten.
  const ensured = contests.filter(({ winner }) => winner.intent === "ensure").map(({ key }) => key);
  const present = new Set(ensured.filter(memory.exists));
  const wishes = contests.flatMap(({ key, winner }) => {
    if (winner.intent !== "ensure") return [wishFor(winner.entity)];
    return present.has(key) ? [] : [existenceOf(key)];
  });
  const found = await readEntities(context.port, [...wishes, ...[...unsure].map(existenceOf)]);

  for (const key of found.keys()) memory.found(key);
  const missing = new Set([...unsure].filter((key) => !found.has(key)));
  return { contests: contests.map((contest) => mend(contest, missing, context)), existing: found, present };
}

function mend(contest: Contest, missing: ReadonlySet<EntityKey>, { targetOf }: SyncContext): Contest {
  const { winner } = contest;
  const entity = withoutDangling(winner.entity, missing, targetOf);
  return entity === winner.entity ? contest : { ...contest, winner: { ...winner, entity } };
}
