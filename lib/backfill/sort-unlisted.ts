import { addressName, type Place, parseLinkOf } from "../bitbucket/address.ts";
import { bareObject, type Kind } from "../bitbucket/objects.ts";
import type { JsonObject } from "../json.ts";
import { type EntityKey, keyOf } from "../port/entity.ts";
import type { Scope } from "../sync/dependents.ts";
import { dateOf } from "../sync/difference.ts";
import { mapEach, toEntity } from "../sync/map.ts";
import { linkOf } from "../sync/plan-deletion.ts";
import type { Removal } from "../sync/removal.ts";
import type { BackfillContext } from "./context.ts";

/** Entities in Port that a listing does not show, and what their links say. */
export interface Unlisted {
  /** Their objects should have been shown: Bitbucket has to be asked for them. */
  readonly unlisted: readonly Removal[];
  /** Their objects were shown, and the mapping calls them something else. */
  readonly superseded: readonly Removal[];
  /** Nothing proves what they stand for: they stay. */
  readonly left: number;
}

export interface Listing {
  /** The entities that the mapping makes of what the listing showed, with the names of the objects' addresses. */
  readonly keys: ReadonlyMap<EntityKey, string>;
  readonly isListed: (address: Place) => boolean;
  /** Whether an address is one that the listing should have shown. */
  readonly inScope: (address: Place) => boolean;
}

/** Sorts the entities of a scope by whether the listing shows them. */
export function sortUnlisted(
  { entities, roles }: Scope,
  kind: Kind,
  { keys, isListed, inScope }: Listing,
  context: Pick<BackfillContext, "mapper" | "bases">,
): Unlisted {
  const hidden = entities.filter((entity) => !keys.has(keyOf(entity)));
  const linked = hidden.map((entity): Removal | undefined => {
    const link = parseLinkOf(kind, linkOf(entity, roles));
    if (link === undefined || !context.bases.has(link.base)) return undefined;
    const { blueprint, identifier } = entity;
    const createdDate = dateOf(entity, roles.created);
    const witness = link.address;
    return { kind, blueprint, identifier, roles, ...link, witness, linked: true, createdDate };
  });
  const ours = linked.filter((removal) => removal !== undefined);
  const listed = ours.filter(({ address }) => isListed(address));
  const wanted = ours.filter(({ address }) => !isListed(address) && inScope(address));
  const unlisted = namedByMapping(wanted, kind, context);
  // Where the mapping fails for an object, what it would call it is not known.
  const mapped = new Set(keys.values());
  const named = listed.filter(({ address }) => mapped.has(addressName(address)));
  const superseded = named.map((removal) => ({ ...removal, witness: undefined }));
  return { unlisted, superseded, left: hidden.length - unlisted.length - superseded.length };
}

/**
 * Those that the mapping makes of their objects, as far as an address tells; not those that merely link to them. One
 * evaluation for all.
 */
function namedByMapping(
  removals: readonly Removal[],
  kind: Kind,
  context: Pick<BackfillContext, "mapper">,
): Removal[] {
  if (kind === "user") return [...removals];
  const mapped = mapEach(kind, removals.map(bareOf), context);
  return removals.filter((removal, index) => {
    const names = (mapped[index] ?? []).map(toEntity);
    const own = names.filter(({ blueprint }) => blueprint === removal.blueprint);
    // The keys of personal projects come in either case.
    return own.some(({ identifier }) => identifier.toLowerCase() === removal.identifier.toLowerCase());
  });
}

function bareOf({ address }: Removal): JsonObject {
  return address.kind === "user" ? {} : bareObject(address);
}
