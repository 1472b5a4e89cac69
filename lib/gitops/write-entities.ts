import { isPermanentStatus, RequestError } from "../errors.ts";
import { isJsonObject } from "../json.ts";
import type { PortClient } from "../port/client.ts";
import { type Entity, type EntityKey, entityKey, keyOf, type RelationValue } from "../port/entity.ts";
import type { UpsertResult } from "../port/upsert-answer.ts";
import { differs } from "../sync/difference.ts";
import { upsertByBlueprint } from "../sync/upsert.ts";
import type { Present } from "./plan.ts";
import { targetsOf } from "./plan.ts";

export type Written =
  | { readonly is: "created" | "updated" | "unchanged" }
  /** With Port's words, as far as they may be told, and whether it was created before with less in it. */
  | { readonly is: "refused"; readonly reason: string; readonly isMade: boolean };

/**
 * Brings entities to Port: each with the relations whose targets are there, and again when more of them are, so that
 * cycles and references forward come right, and what a blueprint requires. Searches for targets come last: they may be
 * for some of these, and Port refuses all of an entity for one that finds nothing.
 * @returns by the entity's key
 * @throws RequestError when Port may take them later
 */
export async function writeEntities(
  entities: readonly Entity[],
  present: Pick<Present, "existing" | "schemas">,
  port: PortClient,
): Promise<ReadonlyMap<EntityKey, Written>> {
  const there = new Set(present.existing.keys());
  const results = new Map<EntityKey, Written>();
  let pending = entities.filter((entity) => {
    const existing = present.existing.get(keyOf(entity));
    const isDue = existing === undefined || differs(entity, existing);
    if (!isDue) results.set(keyOf(entity), { is: "unchanged" });
    return isDue;
  });
  for (let isLast = false; pending.length > 0; ) {
    const before = there.size;
    const now = pending.map((entity) => ({ entity, ...withTargets(entity, there, present, isLast) }));
    const answers = await upsertByBlueprint(
      port,
      now.map(({ part }) => part),
      false,
    );
    pending = [];
    for (const [index, { entity, isWhole }] of now.entries()) {
      const key = keyOf(entity);
      const known = results.get(key);
      const result = resultOf(answers[index], known, !present.existing.has(key));
      results.set(key, result);
      if (result.is !== "refused") there.add(key);
      if (!isWhole) pending.push(entity);
    }
    if (there.size > before) continue;
    if (isLast) break;
    isLast = true;
  }
  return results;
}

/** The entity with the relations whose targets are there. */
function withTargets(
  entity: Entity,
  there: ReadonlySet<EntityKey>,
  { schemas }: Pick<Present, "schemas">,
  withSearches: boolean,
) {
  const schema = schemas.get(entity.blueprint);
  let isWhole = true;
  const relations = Object.entries(entity.relations).flatMap(([name, value]) => {
    if (isJsonObject(value) && !withSearches) {
      isWhole = false;
      return [];
    }
    const target = schema?.targetOf(name);
    if (target === undefined) return [[name, value] as const];
    const own = keyOf(entity);
    const isThere = (identifier: string) => {
      const key = entityKey(target, identifier);
      return there.has(key) || key === own;
    };
    if (targetsOf(value).every(isThere)) return [[name, value] as const];
    isWhole = false;
    return Array.isArray(value) ? [[name, (value as string[]).filter(isThere)] as const] : [];
  });
  const part: Entity = {
    ...entity,
    relations: Object.fromEntries(relations) as Record<string, RelationValue>,
  };
  return { part, isWhole };
}

function resultOf(answer: UpsertResult | undefined, known: Written | undefined, isNew: boolean): Written {
  const isMade = known?.is === "created" || (known?.is === "refused" && known.isMade);
  if (answer?.ok) return { is: isMade || isNew ? "created" : "updated" };
  const [status, code] = [answer?.status, answer?.code];
  if (isPermanentStatus(status) || status === 404)
    return { is: "refused", reason: `${status} ${code}`, isMade };
  const operation = "POST /blueprints/{blueprint}/entities/bulk";
  throw new RequestError({ service: "port", operation, status, code, retryAfterMs: answer?.retryAfterMs });
}
