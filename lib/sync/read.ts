import { inTextParts } from "../parts.ts";
import type { PortClient } from "../port/client.ts";
import { type Entity, type EntityKey, keyOf } from "../port/entity.ts";
import { byIdentifier } from "../port/query.ts";

/** Identifiers in one search: fewer than Port gives in one page. */
const identifiersPerSearch = 500;
/** Port takes 1 MiB in one call, and a thousand letters in an identifier. */
const bytesPerSearch = 750_000;

/** What is to be read of one blueprint. */
export interface EntityQuery {
  readonly blueprint: string;
  readonly identifier: string;
  /** Names of properties and relations, `$icon` and the like for meta-properties; none where existence is all. */
  readonly fields: readonly string[];
}

/**
 * Reads entities by identifier: one search per blueprint (and 500 entities), with the fields that any of them needs.
 * @throws RequestError
 */
export async function readEntities(
  port: PortClient,
  queries: readonly EntityQuery[],
): Promise<Map<EntityKey, Entity>> {
  const searches = [...Map.groupBy(queries, (query) => query.blueprint)].flatMap(([blueprint, own]) => {
    const identifiers = [...new Set(own.map((query) => query.identifier))];
    const include = [...new Set(["$identifier", "$title", ...own.flatMap((query) => query.fields)])];
    return inTextParts(identifiers, identifiersPerSearch, bytesPerSearch).map((part) =>
      port.search(blueprint, byIdentifier(part), include),
    );
  });
  const found = (await Promise.all(searches)).flat();
  return new Map(found.map((entity) => [keyOf(entity), entity]));
}

/** The query to compare an entity with what Port has, and for some fields more. */
export function queryFor(entity: Entity, more: readonly string[] = []): EntityQuery {
  const { blueprint, identifier, properties, relations, icon, team } = entity;
  const meta = [...(icon === undefined ? [] : ["$icon"]), ...(team === undefined ? [] : ["$team"])];
  return {
    blueprint,
    identifier,
    fields: [...new Set([...Object.keys(properties), ...Object.keys(relations), ...meta, ...more])],
  };
}

/** The query to know whether an entity is there. */
export function existenceQuery(key: EntityKey): EntityQuery {
  const [blueprint = "", identifier = ""] = key.split("\n");
  return { blueprint, identifier, fields: [] };
}
