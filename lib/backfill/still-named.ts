import { bareObject } from "../bitbucket/objects.ts";
import type { Json } from "../json.ts";
import { type Entity, type EntityKey, keyOf, relationTargets } from "../port/entity.ts";
import { naming } from "../port/query.ts";
import { samples } from "../sync/beneath.ts";
import { findDependents } from "../sync/dependents.ts";
import { mapEach, mapOne, toEntity } from "../sync/map.ts";
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
  for (const { removal, names } of namesOf(removals, entities, others, context)) {
    for (const name of names) byName.set(name, [...(byName.get(name) ?? []), keyOf(removal)]);
  }
  const found = [...(await related(removals, context)), ...(await mentioned([...byName.keys()], context))];
  return new Set(found.flatMap((name) => byName.get(name) ?? []));
}

interface Named {
  readonly removal: Removal;
  readonly names: readonly string[];
}

/**
 * What may name users: the identifier, which tells everybody apart, and what the mapping makes of them as authors and
 * reviewers. Of who has no e-mail address display name and login name may stand in texts, too; but none of these says
 * anything where somebody who stays is called the same.
 */
function namesOf(
  removals: readonly Removal[],
  entities: ReadonlyMap<EntityKey, Entity>,
  others: ReadonlySet<string>,
  context: BackfillContext,
): Named[] {
  const people = removals.map((removal) => {
    const entity = entities.get(keyOf(removal));
    const { address, witness } = removal;
    if (witness === undefined || address.kind !== "user" || entity === undefined) return undefined;
    const { slug } = address;
    return { entity, user: { slug, name: slug, displayName: entity.title ?? slug } };
  });
  const plain = mapEach(
    "user",
    people.map((one) => one?.user ?? {}),
    context,
  );
  const isPlain = removals.map(({ identifier }, index) =>
    (plain[index] ?? []).some((mapped) => toEntity(mapped).identifier === identifier),
  );
  const roles = removals.map(({ identifier }, index) => {
    const user = { ...people[index]?.user, ...(isPlain[index] ? {} : { emailAddress: identifier }) };
    return {
      ...bareObject(samples["pull-request"]),
      author: { user },
      reviewers: [{ user }],
      participants: [{ user }],
    };
  });
  const shown = mapEach("pull-request", roles, context).map((all) =>
    all.flatMap((mapped) => mapped.people.flatMap((name) => textIn(mapped.properties[name]))),
  );
  return removals.map((removal, index) => {
    const entity = people[index]?.entity;
    if (entity === undefined) return { removal, names: [removal.identifier] };
    const texts = [...(shown[index] ?? []), ...(isPlain[index] ? textsOf(entity) : [])];
    return { removal, names: [removal.identifier, ...new Set(texts.filter((text) => !others.has(text)))] };
  });
}

function textIn(value: Json | undefined): string[] {
  return [value ?? []].flat().filter((text) => typeof text === "string");
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
