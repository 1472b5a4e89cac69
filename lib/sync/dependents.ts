import type { Kind } from "../bitbucket/objects.ts";
import type { JsonObject } from "../json.ts";
import type { Roles } from "../mapping/traits.ts";
import { inParts } from "../parts.ts";
import type { Entity } from "../port/entity.ts";
import { dependingOn, type SearchQuery } from "../port/query.ts";
import type { SyncContext } from "./context.ts";
import { mapOne } from "./map.ts";
import { relatesTo } from "./relations.ts";

/** Identifiers that one search looks for dependents of. */
const targetsPerSearch = 100;

export type ScopeContext = Pick<SyncContext, "mapper" | "model" | "port" | "targetOf">;

/** Entities of one blueprint, with what tells what they stand for. */
export interface Scope {
  readonly roles: Roles;
  readonly entities: readonly Entity[];
}

/** What narrows a search for dependents. */
export interface DependentsOptions {
  /** Rules besides the relation, by the entity's roles. */
  readonly rules?: (roles: Roles) => SearchQuery["rules"];
  /** Tells the entities that are not wanted, so that they need not be kept until all are read. */
  readonly skip?: (entity: Entity, roles: Roles) => boolean;
}

/**
 * The entities of a kind that relate to the targets; Port may follow several hops, so the relation is checked.
 * @param bare an object that the mapping knows the kind's blueprint from
 */
export async function findDependents(
  kind: Kind,
  bare: JsonObject,
  targets: readonly Pick<Entity, "blueprint" | "identifier">[],
  context: ScopeContext,
  { rules = () => [], skip = () => false }: DependentsOptions = {},
): Promise<Scope[]> {
  if (targets.length === 0) return [];
  const mapped = mapOne(kind, bare, context);
  await context.model.learn(mapped.map(({ blueprint }) => blueprint));
  const searches = mapped.flatMap(({ blueprint, roles, fields }) =>
    [...Map.groupBy(targets, (target) => target.blueprint)].flatMap(([target, own]) => {
      const names = fields.relations.filter((name) => context.targetOf(blueprint, name) === target);
      if (names.length === 0) return [];
      const include = [...new Set(["$identifier", ...Object.values(roles), ...names])];
      return inParts(
        own.map((it) => it.identifier),
        targetsPerSearch,
      ).map(async (ids) => {
        const query = dependingOn(target, ids);
        const narrowed = { ...query, rules: [...query.rules, ...rules(roles)] };
        const wanted = new Set(ids);
        const entities: Entity[] = [];
        for await (const page of context.port.searchPages(blueprint, narrowed, include)) {
          for (const it of page) if (relatesTo(it, names, wanted) && !skip(it, roles)) entities.push(it);
        }
        return { roles, entities };
      });
    }),
  );
  return Promise.all(searches);
}
