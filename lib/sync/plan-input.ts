import type { Entity, EntityKey } from "../port/entity.ts";
import type { Candidate } from "./candidate.ts";
import type { CandidateGroup } from "./candidate-group.ts";
import type { SyncContext } from "./context.ts";
import { isBare, lasting } from "./payload.ts";
import { type EntityQuery, existenceQuery, queryFor, readEntities } from "./read.ts";
import { targetKeys, withoutDangling } from "./relations.ts";

/** Everything that the plan is made from. */
export interface PlanInput {
  readonly groups: readonly CandidateGroup[];
  readonly existing: ReadonlyMap<EntityKey, Entity>;
  /** What only has to be there and is known to be, so that it was not read. */
  readonly present: ReadonlySet<EntityKey>;
  /** Fields that were read, by entity. */
  readonly read: ReadonlyMap<EntityKey, ReadonlySet<string>>;
  /** When Port was read, epoch ms. */
  readonly readAt: number;
}

export const nothingRead: Omit<PlanInput, "groups"> = {
  existing: new Map(),
  present: new Set(),
  read: new Map(),
  readAt: Number.POSITIVE_INFINITY,
};

/**
 * Reads what Port has for the candidates, and whether what they relate to is there: one search per blueprint, and none
 * for what is remembered to be there. Relations that would lead nowhere are taken out of the candidates.
 * @param before what was read already; it is not read again
 * @throws RequestError
 */
export async function readForPlan(
  groups: readonly CandidateGroup[],
  context: SyncContext,
  before = nothingRead,
): Promise<PlanInput> {
  const { memory, targetOf } = context;
  const own = new Set(groups.map(({ key }) => key));
  const related = groups.flatMap(({ best, others }) =>
    [best, ...others].flatMap(({ entity }) => targetKeys(entity, targetOf)),
  );
  const isKnown = (key: EntityKey) => memory.exists(key) || before.existing.has(key);
  const unsure = new Set(related.filter((key) => !own.has(key) && !isKnown(key)));
  // Noted now: by the time of writing it may be forgotten.
  const ensured = groups.filter(({ best }) => best.intent === "ensure").map(({ key }) => key);
  const present = new Set([...before.present, ...ensured.filter(memory.exists)]);
  const wished = groups.flatMap(({ key, best }) => {
    const query = queryOf(best);
    const had = before.read.get(key);
    const isRead = had !== undefined && query.fields.every((name) => had.has(name));
    return isRead || (best.intent === "ensure" && present.has(key)) ? [] : [{ key, query }];
  });
  const readAt = Date.now();
  const queries = [...wished.map(({ query }) => query), ...[...unsure].map(existenceQuery)];
  const found = await readEntities(context.port, queries);

  const missing = new Set([...unsure].filter((key) => !found.has(key)));
  for (const { key, best } of groups) {
    const entity = found.get(key);
    if (entity !== undefined && !isBare(best, entity)) memory.found(key);
  }
  const read = new Map(before.read);
  const existing = new Map(before.existing);
  for (const { key, query } of wished) read.set(key, new Set(query.fields));
  for (const [key, entity] of found) existing.set(key, entity);
  return {
    groups: groups.map((group) => mend(group, missing, context)),
    existing,
    present,
    read,
    readAt: Math.min(before.readAt, readAt),
  };
}

function queryOf(candidate: Candidate): EntityQuery {
  const { blueprint, identifier } = candidate.entity;
  if (candidate.intent === "ensure")
    return { blueprint, identifier, fields: Object.keys(lasting(candidate)) };
  return queryFor(candidate.entity, Object.values(candidate.roles));
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
