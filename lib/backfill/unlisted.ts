import { type Address, addressName, parseLink } from "../bitbucket/address.ts";
import { bareObject, type Kind, selfLink } from "../bitbucket/objects.ts";
import { isDenied } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { Roles } from "../mapping/traits.ts";
import type { Entity } from "../port/entity.ts";
import { mapOne, toEntity } from "../sync/map.ts";
import { observeObject } from "../sync/observe.ts";
import { linkOf } from "../sync/plan-deletion.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { reconcile } from "./reconcile.ts";

/** An entity whose object Bitbucket says is gone. */
export interface GoneEntity {
  readonly kind: Address["kind"];
  readonly blueprint: string;
  readonly identifier: string;
  readonly address: Address;
  /** The Bitbucket that its link belongs to. */
  readonly base: string;
}

/** Entities in Port that the listing does not show, and what their links say. */
export interface Unlisted {
  readonly unlisted: readonly GoneEntity[];
  /** Nothing proves what they stand for: they stay. */
  readonly left: number;
}

/**
 * Sorts the entities of a scope: those that the listing shows are fine; those whose link leads to an object of ours
 * that it does not show are unlisted; all others stay.
 * @param bases the Bitbucket that links have to belong to
 * @param isListed whether the listing showed an object, by its address
 * @param inScope whether an address is one that the listing should have shown
 */
export function sortUnlisted(
  entities: readonly Entity[],
  kind: Address["kind"],
  roles: Roles,
  bases: ReadonlySet<string>,
  isListed: (address: Address) => boolean,
  inScope: (address: Address) => boolean,
  context: Pick<BackfillContext, "mapper">,
): Unlisted {
  const unlisted: GoneEntity[] = [];
  let left = 0;
  for (const entity of entities) {
    const link = parseLink(linkOf(entity, roles));
    if (link !== undefined && bases.has(link.base) && isListed(link.address)) continue;
    const ours =
      link !== undefined && link.address.kind === kind && bases.has(link.base) && inScope(link.address);
    if (ours && isNamedBy(entity, kind, link.address, context)) {
      const { blueprint, identifier } = entity;
      unlisted.push({ kind, blueprint, identifier, address: link.address, base: link.base });
    } else {
      left++;
    }
  }
  return { unlisted, left };
}

/** The entity is the one that the mapping makes of this object, not one that merely links to it. */
function isNamedBy(
  entity: Entity,
  kind: Kind,
  address: Address,
  context: Pick<BackfillContext, "mapper">,
): boolean {
  return mapOne(kind, bareObject(address), context)
    .map(toEntity)
    .some((it) => it.identifier === entity.identifier && it.blueprint === entity.blueprint);
}

/**
 * Asks Bitbucket about each unlisted entity: what is there is written as it is now (a pull request that was merged while
 * nobody listened becomes MERGED), what answers 404 is gone.
 * @throws RequestError when Bitbucket gives no clear answer
 */
export async function resolveUnlisted(
  unlisted: readonly GoneEntity[],
  context: BackfillContext,
): Promise<{ gone: GoneEntity[]; problems: Problems }> {
  const denied: Problems = [];
  const asked = unlisted.map(async (entity) => {
    try {
      return [{ entity, object: await context.bitbucket.object(entity.address) }];
    } catch (error) {
      if (!isDenied(error)) throw error;
      // What we may not see any more is not gone, and no reason to leave the rest undone.
      context.counts[entity.kind].left++;
      denied.push(`${addressName(entity.address)}: these credentials may not see it, it stays in Port`);
      return [];
    }
  });
  const answers = (await Promise.all(asked)).flat();
  const gone = answers.filter(({ object }) => object === undefined).map(({ entity }) => entity);
  const there = answers.flatMap(({ entity, object }) => (object === undefined ? [] : [{ entity, object }]));
  const { problems } = await reconcile(
    there.length,
    (order) => {
      const one = there[order];
      return one === undefined ? [] : observeObject(one.entity.address, one.object as JsonObject, { order });
    },
    context,
  );
  return { gone, problems: [...denied, ...problems] };
}

/** The Bitbucket that links have to belong to: what the listed objects say, and the configured host. */
export function basesOf(
  objects: readonly JsonObject[],
  { host }: Pick<BackfillContext, "host">,
): ReadonlySet<string> {
  return new Set([
    host.toLowerCase(),
    ...objects.flatMap((object) => parseLink(selfLink(object))?.base ?? []),
  ]);
}
