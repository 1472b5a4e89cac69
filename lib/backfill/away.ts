import type { Address } from "../bitbucket/address.ts";
import { bareObject } from "../bitbucket/objects.ts";
import { removalsOf } from "../sync/absent.ts";
import { samples } from "../sync/beneath.ts";
import { removeEntities } from "../sync/removal.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { deleteGone } from "./delete-gone.ts";
import { entitiesOf } from "./scopes.ts";
import { sizeOfAll } from "./sizes.ts";

/**
 * Deletes the entity of an object that is not at its address any more, with all beneath. For a project that is gone, and
 * not known to be somewhere else, only as much as may be deleted at once.
 * @throws RequestError
 */
export async function removeAway(
  address: Address,
  isElsewhere: boolean,
  context: BackfillContext,
): Promise<Problems> {
  const all = await removalsOf(address, context);
  if (address.kind === "project" && !isElsewhere) {
    const total = async () =>
      sizeOfAll(await entitiesOf("project", bareObject(samples.project), context), context);
    return deleteGone(`project:${address.key}`, all, total, context);
  }
  const { deleted } = await removeEntities(all, undefined, context);
  for (const { kind } of deleted) context.counts[kind].deleted++;
  return [];
}
