import { bareObject } from "../bitbucket/objects.ts";
import { type Entity, type EntityKey, keyOf, relationTargets } from "../port/entity.ts";
import { naming } from "../port/query.ts";
import { samples } from "../sync/beneath.ts";
import { findDependents } from "../sync/dependents.ts";
import { mapOne, toEntity } from "../sync/map.ts";
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
  const going = new Set(removals.map(keyOf));
  const staying = [...entities].filter(([key]) => !going.has(key));
  const others = new Set(staying.flatMap(([, entity]) => textsOf(entity)));
  const byName = new Map<string, EntityKey[]>();
  for (const removal of removals) {
    const key = keyOf(removal);
    for (const name of namesOf(removal, entities.get(key), others, context)) {
      byName.set(name, [...(byName.get(name) ?? []), key]);
    }
  }
  const found = [...(await related(removals, context)), ...(await mentioned([...byName.keys()], context))];
  return new Set(found.flatMap((name) => byName.get(name) ?? []));
}

/**
 * What a text may call a user by. The identifier tells everybody apart; display name and login name stand in texts only of
 * who has no e-mail address, and say nothing where somebody who stays is called the same.
 */
function namesOf(
  { identifier, witness, address }: Removal,
  entity: Entity | undefined,
  others: ReadonlySet<string>,
  context: BackfillContext,
): readonly string[] {
  if (witness === undefined || address.kind !== "user" || entity === undefined) return [identifier];
  const { slug } = address;
  const plain = mapOne("user", { slug, name: slug, displayName: entity.title ?? slug }, context);
  const isPlain = plain.map(toEntity).some((own) => own.identifier === identifier);
  return isPlain ? [identifier, ...textsOf(entity).filter((text) => !others.has(text))] : [identifier];
}

function textsOf({ title, properties }: Entity): string[] {
  const texts = Object.values(properties).filter((value) => typeof value === "string");
  return title === undefined ? texts : [title, ...texts];
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
