import type { JsonObject } from "../../lib/json.ts";
import type { Mapped } from "../../lib/mapping/mapped.ts";
import { createMapper, type Mapper } from "../../lib/mapping/mapper.ts";
import type { MappedEntity } from "../../lib/mapping/result.ts";
import { parseMapping } from "../../lib/mapping/schema.ts";

/** The one entity that a mapping makes of an object, every expression of which has to work. */
export function onlyEntity(mapper: Mapper, kind: string, object: JsonObject): MappedEntity {
  const [mapped] = mapper.map(kind, [object]);
  const [entity, ...more] = mapped?.entities ?? [];
  if (entity === undefined || more.length > 0) throw new Error(`${mapped?.entities.length} entities`);
  if (mapped?.failed.length !== 0)
    throw new Error(`failed: ${mapped?.failed.map(({ place }) => place).join(", ")}`);
  return entity;
}

/** What Port would get of an entity. */
export function sent(entity: MappedEntity) {
  const { resource: _i, roles: _r, fields: _f, enriched: _e, people: _p, ...rest } = entity;
  return rest;
}

interface Parts {
  readonly identifier?: string;
  readonly blueprint?: string;
  readonly selector?: string;
  readonly title?: string;
  readonly icon?: string;
  readonly team?: string;
  readonly properties?: Record<string, string>;
  readonly relations?: Record<string, string>;
}

/** A resource of a mapping file for users, with what has to be there filled in. */
export function resource({ selector, ...parts }: Parts, kind = "user"): JsonObject {
  const mappings = { identifier: ".name", blueprint: '"b"', ...parts };
  return {
    kind,
    ...(selector === undefined ? {} : { selector: { query: selector } }),
    port: { entity: { mappings } },
  };
}

/** Where an expression of the first resource stands. */
export function placeOf(name: string): string {
  return `resources[0].${name === "selector" ? "selector.query" : `port.entity.mappings.${name}`}`;
}

/** Goes the way of a user's own file: its text is read and compiled. */
export async function mapperOf(...resources: readonly JsonObject[]): Promise<Mapper> {
  return createMapper(parseMapping(JSON.stringify({ resources }), "own.yml"), "own.yml");
}

/** What one expression gives as a property of an object. */
export async function evaluated(expression: string, ...objects: JsonObject[]): Promise<readonly Mapped[]> {
  const mapper = await mapperOf(resource({ properties: { x: expression, y: ".name" } }));
  return mapper.map("user", objects);
}
