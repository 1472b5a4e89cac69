import { type Address, addressName, parseLink, sameAddress, within } from "../bitbucket/address.ts";
import type { BitbucketEvent } from "../bitbucket/events.ts";
import { bareObject, type Kind, selfLink } from "../bitbucket/objects.ts";
import { RequestError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { log } from "../log.ts";
import type { MappedEntity } from "../mapping/result.ts";
import { type Entity, entityKey, keyOf, relationTargets } from "../port/entity.ts";
import { dependingOn } from "../port/query.ts";
import type { Counts, LiveContext } from "./context.ts";
import { toEntity } from "./map.ts";
import { type Deletion, decideDeletion, linkOf } from "./plan.ts";
import { readEntities } from "./read.ts";

/** Kinds whose entities depend on one of a kind. */
const dependents: Readonly<Partial<Record<Kind, Kind>>> = {
  project: "repository",
  repository: "pull-request",
};
const deletesPerCall = 100;

/** An object that Bitbucket said is gone from its address. */
interface Gone {
  readonly address: Address;
  readonly object: JsonObject;
  readonly base: string | undefined;
  readonly linked: boolean;
  readonly createdDate?: number | undefined;
  /** When Bitbucket said so, epoch ms. */
  readonly date: number | undefined;
}

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

function mapOne(kind: Kind, object: JsonObject, { mapper }: LiveContext): readonly MappedEntity[] {
  return mapper.map(kind, [object])[0]?.entities ?? [];
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
      await deleteEntities(blueprint, [identifier], gone, context, counts);
    } else if (decision === "absent") {
      memory.forget(key);
      memory.remember(key, {
        version: { date: gone.date, order: -1 },
        gone: { createdDate: gone.createdDate },
      });
    } else {
      if (decision === "older") counts.older++;
      log("info", "deletion left out", { object: addressName(gone.address), decision });
    }
  }
}

/** Deletes what depends on the entities and still points beneath the address that is gone, deepest first. */
async function removeDependents(
  gone: Gone,
  blueprint: string,
  identifiers: readonly string[],
  kind: Kind,
  context: LiveContext,
  counts: Counts,
): Promise<void> {
  const inner = dependents[kind];
  if (inner === undefined || identifiers.length === 0) return;
  const sample = innerAddress(gone.address, inner);
  for (const { blueprint: innerBlueprint, roles, relations } of mapOne(inner, bareObject(sample), context)) {
    const names = Object.keys(relations).filter(
      (name) => context.targetOf(innerBlueprint, name) === blueprint,
    );
    const include = ["$identifier", "$title", ...Object.values(roles), ...names];
    const found = await context.port.search(innerBlueprint, dependingOn(blueprint, identifiers), include);
    const own = found.filter(
      (entity) => relatesTo(entity, names, identifiers) && pointsInto(linkOf(entity, roles), gone),
    );
    const ids = own.map((entity) => entity.identifier);
    await removeDependents(gone, innerBlueprint, ids, inner, context, counts);
    await deleteEntities(innerBlueprint, ids, { ...gone, createdDate: undefined }, context, counts);
  }
}

function relatesTo(entity: Entity, relations: readonly string[], identifiers: readonly string[]): boolean {
  return relations.some((name) =>
    relationTargets(entity.relations[name]).some((target) => identifiers.includes(target)),
  );
}

function pointsInto(link: string | undefined, gone: Gone): boolean {
  const parsed = parseLink(link);
  return (
    parsed !== undefined &&
    within(gone.address, parsed.address) &&
    (gone.base === undefined || gone.base === parsed.base)
  );
}

function innerAddress(address: Address, kind: Kind): Address {
  const slug = address.kind === "project" ? "-" : address.slug;
  return kind === "repository"
    ? { kind, key: address.key, slug }
    : { kind: "pull-request", key: address.key, slug, id: 0 };
}

async function deleteEntities(
  blueprint: string,
  identifiers: readonly string[],
  gone: Gone,
  { port, memory }: LiveContext,
  counts: Counts,
): Promise<void> {
  for (let start = 0; start < identifiers.length; start += deletesPerCall) {
    const part = identifiers.slice(start, start + deletesPerCall);
    await deleteTogether(blueprint, part, port);
    for (const identifier of part) {
      const key = entityKey(blueprint, identifier);
      memory.forget(key);
      memory.remember(key, {
        version: { date: gone.date, order: -1 },
        gone: { createdDate: gone.createdDate },
      });
      counts.deleted++;
    }
  }
}

/** One call where Port takes it; a bulk deletion is refused whole when any of its entities has dependents or is gone. */
async function deleteTogether(
  blueprint: string,
  identifiers: readonly string[],
  port: LiveContext["port"],
): Promise<void> {
  const [first] = identifiers;
  if (identifiers.length === 1 && first !== undefined) {
    await port.delete(blueprint, first);
    return;
  }
  try {
    await port.deleteMany(blueprint, identifiers);
  } catch (error) {
    const status = error instanceof RequestError ? error.failure.status : undefined;
    if (status === undefined || ![400, 404, 409, 422].includes(status)) throw error;
    for (const identifier of identifiers) await port.delete(blueprint, identifier);
  }
}
