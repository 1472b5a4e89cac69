import type { Entity, EntityKey } from "../port/entity.ts";
import type { CandidateGroup } from "./candidate.ts";
import type { SyncContext } from "./context.ts";
import { existenceQuery, queryFor, readEntities } from "./read.ts";
import { targetKeys, withoutDangling } from "./relations.ts";

/** Everything that the plan is made from. */
export interface PlanInput {
  readonly groups: readonly CandidateGroup[];
  readonly existing: ReadonlyMap<EntityKey, Entity>;
  /** What only has to be there and is known to be, so that it was not read. */
  readonly present: ReadonlySet<EntityKey>;
}

/**
 * Reads what Port has for the candidates, and whether what they relate to is there: one search per blueprint, and none
 * for what is remembered to be there. Relations that would lead nowhere are taken out of the candidates.
 * @throws RequestError
 */
export async function readForPlan(
  groups: readonly CandidateGroup[],
  context: SyncContext,
): Promise<PlanInput> {
  const { memory, targetOf } = context;
  const own = new Set(groups.map(({ key }) => key));
  const related = groups.flatMap(({ best, others }) =>
    [best, ...others].flatMap(({ entity }) => targetKeys(entity, targetOf)),
  );
  const unsure = new Set(related.filter((key) => !own.has(key) && !memory.exists(key)));
  // Noted now: by the time of writing it may be forgotten.
  const ensured = groups.filter(({ best }) => best.intent === "ensure").map(({ key }) => key);
  const present = new Set(ensured.filter(memory.exists));
  const queries = groups.flatMap(({ key, best }) => {
    if (best.intent !== "ensure") return [queryFor(best.entity)];
    return present.has(key) ? [] : [existenceQuery(key)];
  });
  const found = await readEntities(context.port, [...queries, ...[...unsure].map(existenceQuery)]);

  for (const key of found.keys()) memory.found(key);
  const missing = new Set([...unsure].filter((key) => !found.has(key)));
  return { groups: groups.map((group) => mend(group, missing, context)), existing: found, present };
}

function mend(
  group: CandidateGroup,
  missing: ReadonlySet<EntityKey>,
  { targetOf }: SyncContext,
): CandidateGroup {
  const { best } = group;
  const entity = withoutDangling(best.entity, missing, targetOf);
  return entity === best.entity ? group : { ...group, best: { ...best, entity } };
}
