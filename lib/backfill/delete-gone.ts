import { log } from "../aws/log.ts";
import { keyOf } from "../port/entity.ts";
import { isTooMuch, needsLook, withheld } from "../sync/mass-deletion.ts";
import { type LastLook, type Removal, removeEntities } from "../sync/removal.ts";
import type { BackfillContext, Problems } from "./context.ts";

/**
 * Deletes what is gone, unless it is too much of the scope: more than ten entities and more than the share that is
 * allowed. Then nothing of the scope is deleted.
 * @param total how many entities Port has in the scope
 * @param dropped how many more are gone, which are not deleted this time
 * @param lastLook which of them are still to go, asked right before that
 * @throws RequestError
 */
export async function deleteGone(
  scope: string,
  gone: readonly Removal[],
  total: () => Promise<number>,
  context: BackfillContext,
  dropped = 0,
  lastLook?: LastLook,
): Promise<Problems> {
  const distinct = [...new Map(gone.map((removal) => [keyOf(removal), removal])).values()];
  const all = distinct.length + dropped;
  const { counts, maxDeletePercent } = context;
  if (needsLook(all, context)) {
    const has = await total();
    if (isTooMuch(all, has, context)) {
      for (const { kind } of distinct) counts[kind].withheld++;
      log("error", "deletions withheld", { scope, entities: all, of: has, maxDeletePercent });
      return [withheld(scope, all, has, context)];
    }
  }
  if (distinct.length === 0) return [];
  const { deleted, kept } = await removeEntities(distinct, undefined, context, lastLook);
  for (const { kind } of deleted) counts[kind].deleted++;
  for (const { kind } of kept) counts[kind].left++;
  return [];
}
