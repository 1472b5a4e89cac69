import { bareObject } from "../bitbucket/objects.ts";
import { type Entity, type EntityKey, keyOf, relationTargets } from "../port/entity.ts";
import { naming } from "../port/query.ts";
import { samples } from "../sync/beneath.ts";
import { findDependents } from "../sync/dependents.ts";
import { mapOne } from "../sync/map.ts";
import type { Removal } from "../sync/removal.ts";
import type { BackfillContext } from "./context.ts";

/** Values that one search looks for. */
const namesPerSearch = 100;

/**
 * Of users that are to go, those that something in the catalog still names: by a relation, or as author or reviewer in a
 * text. They would be made anew with the next event about it.
 * @param entities what Port has of the users
 * @throws RequestError
 */
export async function stillNamed(
  removals: readonly Removal[],
  entities: ReadonlyMap<EntityKey, Entity>,
  context: BackfillContext,
): Promise<ReadonlySet<EntityKey>> {
  if (removals.length === 0) return new Set();
  const byName = new Map<string, EntityKey[]>();
  for (const removal of removals) {
    const key = keyOf(removal);
    for (const name of namesOf(removal, entities.get(key))) {
      byName.set(name, [...(byName.get(name) ?? []), key]);
    }
  }
  const found = [...(await related(removals, context)), ...(await mentioned([...byName.keys()], context))];
  return new Set(found.flatMap((name) => byName.get(name) ?? []));
}

/**
 * What a text may call a user by: identifier, display name, login name. Of one who has another entity by now only the
 * identifier tells the two apart.
 */
function namesOf({ identifier, witness }: Removal, entity: Entity | undefined): Set<string> {
  if (witness === undefined) return new Set([identifier]);
  const texts = Object.values(entity?.properties ?? {}).filter((value) => typeof value === "string");
  return new Set([identifier, ...(entity?.title === undefined ? [] : [entity.title]), ...texts]);
}

async function related(removals: readonly Removal[], context: BackfillContext): Promise<string[]> {
  const targets: string[] = [];
  for (const kind of ["pull-request", "repository"] as const) {
    for (const { entities } of await findDependents(kind, bareObject(samples[kind]), removals, context)) {
      targets.push(...entities.flatMap(({ relations }) => Object.values(relations).flatMap(relationTargets)));
    }
  }
  return targets;
}

async function mentioned(names: readonly string[], context: BackfillContext): Promise<string[]> {
  const texts: string[] = [];
  const kind = "pull-request";
  for (const { blueprint, people } of mapOne(kind, bareObject(samples[kind]), context)) {
    if (people.length === 0) continue;
    for (let start = 0; start < names.length; start += namesPerSearch) {
      const query = naming(people, names.slice(start, start + namesPerSearch));
      for await (const page of context.port.searchPages(blueprint, query, ["$identifier", ...people])) {
        texts.push(...page.flatMap(({ properties }) => Object.values(properties).flat().map(String)));
      }
    }
  }
  return texts;
}
