import type { Kind } from "../bitbucket/objects.ts";
import { UnprocessableError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { MappedEntity } from "../mapping/result.ts";
import { type Entity, maxIdentifierLength, type RelationValue, safeIdentifier } from "../port/entity.ts";

/** The entity as Port takes it: no characters that Port refuses in identifiers, its own and those it relates to. */
export function toEntity(mapped: MappedEntity): Entity {
  const { resource: _i, roles: _r, fields: _f, enriched: _e, people: _p, relations, ...entity } = mapped;
  const safe = Object.entries(relations).map(([name, value]) => [name, safeRelation(value)] as const);
  return { ...entity, identifier: safeIdentifier(mapped.identifier), relations: Object.fromEntries(safe) };
}

/** Without what can be no entity's identifier. */
function safeRelation(value: RelationValue): RelationValue {
  const targets = [value ?? []].flat().filter((target) => target.length <= maxIdentifierLength);
  const safe = [...new Set(targets.map(safeIdentifier))];
  return typeof value === "string" || value === null ? (safe[0] ?? null) : safe;
}

/**
 * What a mapping calls each of some objects of one kind, in one evaluation: nothing those that cannot be mapped. Whatever
 * selectors say, which want to see more of an object than may be known of it.
 * @throws Error when one cannot be mapped for now
 */
export function mapEach(
  kind: Kind,
  objects: readonly JsonObject[],
  { mapper }: { readonly mapper: Mapper },
): readonly (readonly MappedEntity[])[] {
  return mapper.map(kind, objects, false).map(({ entities, fault }) => {
    if (fault !== undefined && !fault.permanent) throw new Error(`the mapping fails: ${fault.reason}`);
    return entities;
  });
}

/**
 * What it calls all of them.
 * @throws UnprocessableError when one of them cannot be mapped: no entities would say that there is nothing to delete
 */
export function mapAll(
  kind: Kind,
  objects: readonly JsonObject[],
  { mapper }: { readonly mapper: Mapper },
): readonly MappedEntity[] {
  return mapper.map(kind, objects, false).flatMap(({ entities, fault }) => {
    if (fault === undefined) return entities;
    const reason = `the mapping fails: ${fault.reason}`;
    throw fault.permanent ? new UnprocessableError(reason, reason) : new Error(reason);
  });
}

/** What it calls a single object. @throws as `mapAll` does */
export function mapOne(
  kind: Kind,
  object: JsonObject,
  context: { readonly mapper: Mapper },
): readonly MappedEntity[] {
  return mapAll(kind, [object], context);
}
