import type { RepositoryAddress } from "../bitbucket/address.ts";
import { bareObject } from "../bitbucket/objects.ts";
import { findBeneath, samples } from "../sync/beneath.ts";
import { mapOne, toEntity } from "../sync/map.ts";
import { type Removal, removeEntities } from "../sync/removal.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { deleteGone } from "./delete-gone.ts";
import { entitiesOf } from "./scopes.ts";
import { sizeOfAll } from "./sweep-projects.ts";

type Container = { readonly kind: "project"; readonly key: string } | RepositoryAddress;

/**
 * Deletes the entity of a repository or project that is not at its address any more, with all beneath. For a project that
 * is gone, and not known to be somewhere else, only as much as may be deleted at once.
 * @throws RequestError
 */
export async function removeAway(
  address: Container,
  isElsewhere: boolean,
  context: BackfillContext,
): Promise<Problems> {
  const { kind } = address;
  const own = mapOne(kind, bareObject(address), context).map((mapped): Removal => {
    const { blueprint, identifier } = toEntity(mapped);
    return { kind, blueprint, identifier, roles: mapped.roles, address, witness: address, linked: true };
  });
  const { removals } = await findBeneath(own, context);
  const all = [...removals, ...own];
  if (kind === "project" && !isElsewhere) {
    const total = async () =>
      sizeOfAll(await entitiesOf("project", bareObject(samples.project), context), context);
    return deleteGone(`project:${address.key}`, all, total, context);
  }
  const { deleted } = await removeEntities(all, undefined, context);
  for (const { kind: deletedKind } of deleted) context.counts[deletedKind].deleted++;
  return [];
}
