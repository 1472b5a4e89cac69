import type { Blueprint } from "../port/blueprints.ts";
import {
  type Entity,
  type EntityKey,
  entityKey,
  type RelationValue,
  relationTargets,
} from "../port/entity.ts";

/** Finds the blueprint that a relation leads to; undefined for relations that the known blueprints do not define. */
export type TargetOf = (blueprint: string, relation: string) => string | undefined;

export function targetsIn(blueprints: readonly Blueprint[]): TargetOf {
  const byIdentifier = new Map(blueprints.map((blueprint) => [blueprint.identifier, blueprint.relations]));
  return (blueprint, relation) => byIdentifier.get(blueprint)?.[relation]?.target;
}

/** The entities that an entity's relations lead to, as far as their blueprints are known. */
export function targetKeys(entity: Entity, targetOf: TargetOf): EntityKey[] {
  return Object.entries(entity.relations).flatMap(([name, value]) => {
    const blueprint = targetOf(entity.blueprint, name);
    return blueprint === undefined
      ? []
      : relationTargets(value).map((target) => entityKey(blueprint, target));
  });
}

/** Whether one of these relations of an entity leads to one of the identifiers. */
export function relatesTo(
  entity: Entity,
  relations: readonly string[],
  identifiers: ReadonlySet<string>,
): boolean {
  return relations.some((name) =>
    relationTargets(entity.relations[name]).some((target) => identifiers.has(target)),
  );
}

/** The same entity without the relations that lead to one of the missing entities: no relation may dangle. */
export function withoutDangling(entity: Entity, missing: ReadonlySet<EntityKey>, targetOf: TargetOf): Entity {
  if (!targetKeys(entity, targetOf).some((key) => missing.has(key))) return entity;
  const relations = Object.entries(entity.relations).map(([name, value]) => {
    const blueprint = targetOf(entity.blueprint, name);
    const stays = (target: string) => blueprint === undefined || !missing.has(entityKey(blueprint, target));
    return [name, keep(value, stays)] as const;
  });
  return { ...entity, relations: Object.fromEntries(relations) };
}

function keep(value: RelationValue, stays: (target: string) => boolean): RelationValue {
  if (value === null) return null;
  if (typeof value === "string") return stays(value) ? value : null;
  return value.filter(stays);
}
