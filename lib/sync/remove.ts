import { type Address, addressName, parseLink, sameAddress } from "../bitbucket/address.ts";
import type { BitbucketEvent } from "../bitbucket/events.ts";
import { bareObject, selfLink } from "../bitbucket/objects.ts";
import { log } from "../log.ts";
import { entityKey, keyOf } from "../port/entity.ts";
import type { LiveContext } from "./context.ts";
import type { Counts } from "./counts.ts";
import { deleteEntities, rememberGone } from "./delete.ts";
import { toEntity } from "./map.ts";
import { type Deletion, decideDeletion } from "./plan-deletion.ts";
import { readEntities } from "./read.ts";
import { type Gone, mapOne, removeDependents } from "./remove-dependents.ts";

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
    await remove({ ...gone, object: change.object ?? bareObject(address) }, context, counts);
    return;
  }
  if (change.type !== "modify" || outdated || sameAddress(change.old, change.address)) return;
  if (!sameIdentifiers(change.old, change.address, context)) {
    const link = selfLink(change.object);
    const gone = { address: change.old, date, linked: link !== undefined, base: parseLink(link)?.base };
    await remove({ ...gone, object: bareObject(change.old) }, context, counts);
  }
  const { address } = change;
  await context.sendBackfill({
    project: address.key,
    ...(address.kind === "project" ? {} : { repository: address.slug }),
  });
}

/** A mapping may call two addresses by one name; then there is nothing to delete. */
function sameIdentifiers(old: Address, now: Address, context: LiveContext): boolean {
  const names = (address: Address) =>
    mapOne(address.kind, bareObject(address), context).map((it) => keyOf(toEntity(it)));
  return names(old).join("\n") === names(now).join("\n");
}

async function remove(gone: Gone, context: LiveContext, counts: Counts): Promise<void> {
  const { memory, port } = context;
  for (const mapped of mapOne(gone.address.kind, gone.object, context)) {
    const { identifier, blueprint } = toEntity(mapped);
    const key = entityKey(blueprint, identifier);
    const last = memory.recall(key);
    const overtaken =
      last !== undefined &&
      last.gone === undefined &&
      gone.date !== undefined &&
      (last.version.date ?? 0) > gone.date;
    const fields = Object.values(mapped.roles);
    const existing = overtaken
      ? undefined
      : (await readEntities(port, [{ blueprint, identifier, fields }])).get(key);
    const deletion: Deletion = { ...gone, roles: mapped.roles };
    const decision = overtaken ? "older" : decideDeletion(deletion, existing);
    if (decision === "delete") {
      await removeDependents(gone, blueprint, [identifier], gone.address.kind, context, counts);
      counts[gone.address.kind].deleted += (
        await deleteEntities(blueprint, [identifier], gone, context)
      ).length;
    } else if (decision === "absent") {
      rememberGone(key, gone, context.memory);
    } else {
      if (decision === "older") counts[gone.address.kind].older++;
      log("info", "deletion left out", { object: addressName(gone.address), decision });
    }
  }
}
