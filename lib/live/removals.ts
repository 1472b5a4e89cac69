import { log } from "../aws/log.ts";
import { type Address, addressName, parseLink, sameAddress } from "../bitbucket/address.ts";
import type { BitbucketEvent } from "../bitbucket/events.ts";
import { bareObject, projectAddress, repositoryAddress, selfLink } from "../bitbucket/objects.ts";
import { entityKey, keyOf } from "../port/entity.ts";
import type { Counts } from "../sync/counts.ts";
import { deleteEntities, rememberGone } from "../sync/delete.ts";
import { isRefused } from "../sync/enrich.ts";
import { mapOne, toEntity } from "../sync/map.ts";
import type { Remembered } from "../sync/plan.ts";
import { decideDeletion } from "../sync/plan-deletion.ts";
import { readEntities } from "../sync/read.ts";
import type { LiveContext } from "./context.ts";
import { findDependents, type Gone, type Removal } from "./dependents.ts";

/**
 * Deletes what an event says is gone: a deleted pull request, or a repository or project from where it was before it
 * was renamed or moved, with what lies beneath; and asks for a backfill of where it is now.
 * @param outdated the event's own state is older than what is there, so its word on the past does not count
 * @throws RequestError
 */
export async function removeGone(
  event: BitbucketEvent,
  outdated: boolean,
  context: LiveContext,
  counts: Counts,
): Promise<void> {
  const { change, date } = event;
  if (change.type === "delete") {
    const { address, link, createdDate } = change;
    const gone = { address, date, createdDate, linked: link !== undefined, base: parseLink(link)?.base };
    const removals = await findRemovals(
      { ...gone, object: change.object ?? bareObject(address) },
      context,
      counts,
    );
    await deleteRemovals(removals, date, context, counts);
    return;
  }
  if (change.type !== "modify" || outdated || sameAddress(change.old, change.address)) return;
  const { address, old } = change;
  const link = selfLink(change.object);
  const gone = { address: old, date, linked: link !== undefined, base: parseLink(link)?.base };
  const stays = sameIdentifiers(old, address, context) || (await isThereAgain(old, context));
  const removals = stays ? [] : await findRemovals({ ...gone, object: bareObject(old) }, context, counts);
  // Asked for before anything is deleted: what is closed by now would not come back with the open ones.
  await context.sendBackfill({
    project: address.key,
    ...(address.kind === "project" ? {} : { repository: address.slug }),
    ...(removals.some(({ closed }) => closed) ? { state: "ALL" } : {}),
  });
  await deleteRemovals(removals, date, context, counts);
}

/**
 * Renamed back, or something new under the old name: Bitbucket shows it at its old address. (That address may also
 * answer with the renamed object, whose own address is another.) Without Bitbucket the event is taken at its word.
 */
async function isThereAgain(old: Address, { bitbucket }: LiveContext): Promise<boolean> {
  try {
    const object = await bitbucket?.object(old);
    if (object === undefined) return false;
    const now = old.kind === "project" ? projectAddress(object) : repositoryAddress(object);
    return now === undefined || sameAddress(now, old);
  } catch (error) {
    // Nobody can tell: the next backfill sweeps what is left.
    if (isRefused(error)) return true;
    throw error;
  }
}

/** A mapping may call two addresses by one name; then there is nothing to delete. */
function sameIdentifiers(old: Address, now: Address, context: LiveContext): boolean {
  const names = (address: Address) =>
    mapOne(address.kind, bareObject(address), context).map((it) => keyOf(toEntity(it)));
  return names(old).join("\n") === names(now).join("\n");
}

/** What has to go with an object, what depends on others first. */
async function findRemovals(gone: Gone, context: LiveContext, counts: Counts): Promise<Removal[]> {
  const { memory, port } = context;
  const { address, date, createdDate } = gone;
  const removals: Removal[] = [];
  for (const mapped of mapOne(address.kind, gone.object, context)) {
    const { identifier, blueprint } = toEntity(mapped);
    const key = entityKey(blueprint, identifier);
    const query = { blueprint, identifier, fields: Object.values(mapped.roles) };
    const decision = isOvertaken(memory.recall(key), date)
      ? "older"
      : decideDeletion({ ...gone, roles: mapped.roles }, (await readEntities(port, [query])).get(key));
    if (decision === "delete") {
      removals.push(...(await findDependents(gone, blueprint, [identifier], address.kind, context)));
      removals.push({ kind: address.kind, blueprint, identifiers: [identifier], closed: false, createdDate });
    } else if (decision === "absent") {
      rememberGone(key, gone, memory);
    } else {
      if (decision === "older") counts[address.kind].older++;
      log("info", "deletion left out", { object: addressName(address), decision });
    }
  }
  return removals;
}

/** Something newer than the deletion was written already, by this process. */
function isOvertaken(last: Remembered | undefined, date: number | undefined): boolean {
  return (
    last !== undefined && last.gone === undefined && date !== undefined && (last.version.date ?? 0) > date
  );
}

async function deleteRemovals(
  removals: readonly Removal[],
  date: number | undefined,
  context: LiveContext,
  counts: Counts,
): Promise<void> {
  for (const { kind, blueprint, identifiers, createdDate } of removals) {
    const deleted = await deleteEntities(blueprint, identifiers, { date, createdDate }, context);
    counts[kind].deleted += deleted.length;
  }
}
