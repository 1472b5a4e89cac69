import { type Entity, type EntityKey, entityKey, keyOf, type RelationValue } from "../port/entity.ts";
import type { BlueprintFields } from "./blueprints.ts";
import type { Claims } from "./claims.ts";
import { type EntityName, type Fields, type MetaField, metaOf, parseName } from "./names.ts";
import type { FileRecord } from "./record.ts";
import type { WantedEntity } from "./wanted.ts";

/** What Port has of what files name. */
export interface Present {
  readonly existing: ReadonlyMap<EntityKey, Entity>;
  /** What will be there when this round is done. */
  readonly coming: ReadonlySet<EntityKey>;
  readonly schemas: ReadonlyMap<string, BlueprintFields | undefined>;
}

export type Decision =
  /** Another repository's file has it. */
  { readonly is: "waiting"; readonly owner: FileRecord } | PlannedEntity;

export interface PlannedEntity {
  readonly is: "ours";
  readonly name: EntityName;
  /** As it is to be in the end. */
  readonly entity: Entity;
  /** What the file says, with what was cleared: what is remembered as written. */
  readonly fields: Fields;
  readonly isCreated: boolean;
  /** Sentences about relations that lead nowhere. */
  readonly unresolved: readonly string[];
}

/** Those of a repository's entities that are its own. */
export function oursOf(decisions: ReadonlyMap<EntityName, Decision>): PlannedEntity[] {
  return [...decisions.values()].filter((decision) => decision.is === "ours");
}

/** What is to become of an entity that a file wants. @param made what this process has made already */
export function decide(
  wanted: WantedEntity,
  claims: Claims,
  present: Present,
  made: ReadonlySet<EntityName> = new Set(),
): Decision {
  const { name, definition } = wanted;
  const owner = claims.ownerOf(name);
  if (owner !== undefined) return { is: "waiting", owner };
  const existing = present.existing.get(keyOf(definition));
  const { relations, unresolved } = resolveRelations(wanted, present);
  const before = knownOf(claims.wrote(name), present.schemas.get(definition.blueprint));
  const properties = {
    ...cleared(before.properties, [...Object.keys(definition.properties), ...wanted.leftOut.properties]),
    ...definition.properties,
  };
  const named = [...Object.keys(definition.relations), ...wanted.leftOut.relations];
  const meta = [...metaOf(definition), ...wanted.leftOut.meta];
  const { title, icon, team } = definition;
  return {
    is: "ours",
    name,
    entity: {
      identifier: definition.identifier,
      blueprint: definition.blueprint,
      ...(existing === undefined ? { title: definition.identifier } : {}),
      ...clearedMeta(
        definition.identifier,
        before.meta.filter((field) => !meta.includes(field)),
      ),
      ...(title === undefined ? {} : { title }),
      ...(icon === undefined ? {} : { icon }),
      ...(team === undefined ? {} : { team }),
      properties,
      relations: { ...cleared(before.relations, named), ...relations },
    },
    fields: {
      properties: [...Object.keys(definition.properties), ...wanted.leftOut.properties],
      relations: named,
      meta,
    },
    isCreated: existing === undefined || made.has(name) || claims.isCreated(name),
    unresolved,
  };
}

/** Those that the blueprint has still: Port refuses an entity with any other, also where it is cleared. */
function knownOf({ properties, relations, meta }: Fields, schema: BlueprintFields | undefined): Fields {
  const isKnown = (field: string) => schema?.has(field) === true;
  return { properties: properties.filter(isKnown), relations: relations.filter(isKnown), meta };
}

/** An entity without a title of its own is called by its identifier. */
function clearedMeta(identifier: string, fields: readonly MetaField[]): Pick<Entity, MetaField> {
  const none = { title: identifier, icon: null, team: [] } as const;
  return Object.fromEntries(fields.map((field) => [field, none[field]]));
}

/** The fields that were written and are not named any more. */
function cleared(before: readonly string[], now: readonly string[]): Record<string, null> {
  return Object.fromEntries(before.filter((field) => !now.includes(field)).map((field) => [field, null]));
}

function resolveRelations({ definition }: WantedEntity, { existing, coming, schemas }: Present) {
  const schema = schemas.get(definition.blueprint);
  const unresolved: string[] = [];
  const relations = Object.entries(definition.relations).flatMap(([name, value]) => {
    const target = schema?.targetOf(name);
    const isThere = (identifier: string) => {
      if (target === undefined) return true;
      const key = entityKey(target, identifier);
      return existing.has(key) || coming.has(key);
    };
    const missing = targetsOf(value).filter((identifier) => !isThere(identifier));
    for (const identifier of missing)
      unresolved.push(`relation ${name}: Port has no ${target} "${identifier}", it is left out`);
    if (typeof value === "string") {
      if (missing.length === 0) return [[name, value] as const];
      // What it led to before is not what the file says.
      return schema?.isRequired(name) ? [] : [[name, null] as const];
    }
    if (!Array.isArray(value)) return [[name, value as RelationValue] as const];
    return [[name, (value as string[]).filter(isThere)] as const];
  });
  return { relations: Object.fromEntries(relations) as Record<string, RelationValue>, unresolved };
}

/** The identifiers in a relation's value; a search has none. */
export function targetsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The same entity without what was written of it. */
export function undone(name: EntityName, { properties, relations, meta }: Fields): Entity {
  const { identifier, blueprint } = parseName(name);
  return {
    identifier,
    blueprint,
    ...clearedMeta(identifier, meta),
    properties: cleared(properties, []),
    relations: cleared(relations, []),
  };
}
