import { log } from "../aws/log.ts";
import { type Address, addressName, parseLink, sameAddress } from "../bitbucket/address.ts";
import { bareObject, selfLink } from "../bitbucket/objects.ts";
import { mayPass } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { keyOf } from "../port/entity.ts";
import { findBeneath } from "../sync/beneath.ts";
import type { Counts } from "../sync/counts.ts";
import { mapOne, toEntity } from "../sync/map.ts";
import { type Removal, removeEntities } from "../sync/removal.ts";
import type { LiveContext, LiveEvent } from "./context.ts";

/** What an event says is gone from its address. */
interface Gone {
  readonly address: Address;
  readonly object: JsonObject;
  readonly base: string | undefined;
  readonly linked: boolean;
  readonly createdDate?: number | undefined;
  readonly told: boolean;
}

/**
 * Deletes what an event says is gone: a deleted pull request, or a repository or project from where it was before it
 * was renamed or moved, with what lies beneath; and asks for a backfill of where it is now. Bitbucket is asked first:
 * the name may have been taken over, or be its own again.
 * @returns the addresses where something is after all, which is to be shown as it is
 * @throws RequestError
 */
export async function removeGone(
  { event: { change, date } }: Pick<LiveEvent, "event">,
  context: LiveContext,
  counts: Counts,
): Promise<readonly Address[]> {
  if (change.type === "delete") {
    const { address, link, createdDate } = change;
    const object = change.object ?? bareObject(address);
    const base = parseLink(link)?.base;
    const gone = { address, object, createdDate, linked: link !== undefined, base, told: true };
    if ((await whatIsAt(address, context)) === "something") return [address];
    await remove(gone, date, context, counts);
    return [];
  }
  if (change.type !== "modify" || sameAddress(change.old, change.address)) return [];
  const { address, old } = change;
  const link = selfLink(change.object);
  const base = parseLink(link, address.kind)?.base;
  const now = await whatIsAt(old, context);
  if (now === "nothing" && !sameIdentifiers(old, address, context)) {
    const gone = { address: old, object: bareObject(old), linked: link !== undefined, base, told: false };
    await remove(gone, date, context, counts);
  }
  // Of whoever has the name now, and of whatever the predecessor left under it.
  if (now === "something") await askForBackfill(old, context);
  await askForBackfill(address, context);
  return [];
}

/** Closed pull requests come along: they were beneath the old address. */
async function askForBackfill(address: Address, { bitbucket, sendBackfill }: LiveContext): Promise<void> {
  if (bitbucket === undefined) return;
  const repository = address.kind === "project" ? {} : { repository: address.slug };
  await sendBackfill({ project: address.key, ...repository, state: "ALL" });
}

/** Without Bitbucket the event is taken at its word. */
async function whatIsAt(
  address: Address,
  { bitbucket }: LiveContext,
): Promise<"something" | "nothing" | "unknown"> {
  if (bitbucket === undefined) return "nothing";
  const answer = await bitbucket.find(address);
  switch (answer.is) {
    case "here":
      return "something";
    case "elsewhere":
    case "gone":
      return "nothing";
    case "unknown":
      if (mayPass(answer.error)) throw answer.error;
      log("warn", "Bitbucket does not let us look at what is gone", {
        object: addressName(address),
      });
      return "unknown";
  }
}

/** A mapping may call two addresses by one name; then there is nothing to delete. */
function sameIdentifiers(old: Address, now: Address, context: LiveContext): boolean {
  const names = (address: Address) =>
    mapOne(address.kind, bareObject(address), context).map((it) => keyOf(toEntity(it)));
  return names(old).join("\n") === names(now).join("\n");
}

async function remove(
  { address, object, ...gone }: Gone,
  date: number | undefined,
  context: LiveContext,
  counts: Counts,
): Promise<void> {
  const own = mapOne(address.kind, object, context).map((mapped): Removal => {
    const { blueprint, identifier } = toEntity(mapped);
    return {
      ...gone,
      kind: address.kind,
      blueprint,
      identifier,
      roles: mapped.roles,
      address,
      witness: address,
    };
  });
  const timely = own.filter((removal) => !isOvertaken(removal, date, context));
  const beneath = await findBeneath(timely, context);
  const { deleted } = await removeEntities([...beneath.removals, ...timely], date, context);
  counts[address.kind].older += own.length - timely.length;
  for (const { kind } of deleted) counts[kind].deleted++;
}

/** Something newer than the deletion was written already, by this process. */
function isOvertaken(
  removal: Removal,
  date: number | undefined,
  { memory, bitbucket }: LiveContext,
): boolean {
  if (bitbucket !== undefined) return false;
  const last = memory.recall(keyOf(removal));
  return last !== undefined && last.gone === undefined && (last.version.date ?? 0) > (date ?? Infinity);
}
