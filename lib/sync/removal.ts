import { log } from "../aws/log.ts";
import { addressName, type Place } from "../bitbucket/address.ts";
import type { BitbucketClient } from "../bitbucket/client.ts";
import { type Kind, kinds } from "../bitbucket/objects.ts";
import type { Whereabouts } from "../bitbucket/whereabouts.ts";
import { isDenied, mayPass } from "../errors.ts";
import { entityKey, keyOf } from "../port/entity.ts";
import type { SyncContext } from "./context.ts";
import { deleteEntities, rememberGone } from "./delete.ts";
import { mapOne, toEntity } from "./map.ts";
import { type Deletion, decideDeletion } from "./plan-deletion.ts";
import { readEntities } from "./read.ts";

/** An entity that is to be deleted because its object is not at its address any more. */
export interface Removal extends Deletion {
  readonly kind: Kind;
  readonly blueprint: string;
  readonly identifier: string;
  /**
   * What has to be gone: the object itself, or what it lies in. Undefined where the object is there and has another
   * entity by now.
   */
  readonly witness: Place | undefined;
  /** An event said that it was deleted: that counts where Bitbucket does not let us look. */
  readonly told?: boolean;
}

export interface Removed {
  readonly deleted: readonly Removal[];
  /** Not deleted: there again, standing for something else by now, or kept by Port. */
  readonly kept: readonly Removal[];
}

export type LastLook = (due: readonly Removal[]) => Promise<readonly Removal[]>;

/**
 * Deletes entities, after one last look at both sides: Bitbucket has to say now that the object (or what it lies in) is
 * not there, and the entity has to point at that very object. What others depend on goes last.
 * @param date when Bitbucket said that they are gone, epoch ms; undefined = now
 * @param lastLook which of them are still to go, asked right before that
 * @throws RequestError when Port is away, or when Bitbucket cannot tell for now
 */
export async function removeEntities(
  removals: readonly Removal[],
  date: number | undefined,
  context: SyncContext,
  lastLook: LastLook = async (due) => due,
): Promise<Removed> {
  const absent = await stillAbsent(removals, context);
  const due = await lastLook(await stillPointing(absent, date, context));
  const deleted: Removal[] = [];
  for (const kind of kinds.toReversed()) {
    const own = due.filter((removal) => removal.kind === kind);
    for (const [blueprint, entities] of Map.groupBy(own, (removal) => removal.blueprint)) {
      const identifiers = entities.map(({ identifier }) => identifier);
      const gone = new Set(await deleteEntities(blueprint, identifiers, context.port));
      for (const removal of entities.filter(({ identifier }) => gone.has(identifier))) {
        rememberGone(keyOf(removal), { date, createdDate: removal.createdDate }, context.memory);
        context.report?.("deleted", kind, removal.identifier);
        deleted.push(removal);
      }
    }
  }
  return { deleted, kept: removals.filter((removal) => !deleted.includes(removal)) };
}

async function stillAbsent(removals: readonly Removal[], context: SyncContext): Promise<readonly Removal[]> {
  const { bitbucket } = context;
  if (bitbucket === undefined || removals.length === 0) return removals;
  const named = removals.flatMap(({ witness }) => witness ?? []);
  const witnesses = new Map(named.map((witness) => [addressName(witness), witness]));
  const answers = new Map<string, Whereabouts>();
  await Promise.all(
    [...witnesses].map(async ([name, witness]) => {
      const answer = await bitbucket.find(witness);
      if (answer.is === "unknown" && mayPass(answer.error)) throw answer.error;
      answers.set(name, answer);
    }),
  );
  const superseded = await stillSuperseded(
    removals.filter(({ witness }) => witness === undefined),
    bitbucket,
    context,
  );
  return removals.filter((removal) => {
    const { witness, told = false } = removal;
    if (witness === undefined) return superseded.has(removal);
    const answer = answers.get(addressName(witness));
    if (answer?.is === "unknown") return told && isDenied(answer.error);
    return answer?.is === "gone" || answer?.is === "elsewhere";
  });
}

/** Those whose objects are there, and have another entity now as well: an address may have changed back. */
async function stillSuperseded(
  removals: readonly Removal[],
  bitbucket: BitbucketClient,
  context: SyncContext,
): Promise<ReadonlySet<Removal>> {
  const superseded = await Promise.all(
    removals.map(async (removal) => {
      const answer = await bitbucket.find(removal.address);
      if (answer.is === "unknown") return [];
      if (answer.is !== "here") return [removal];
      const keys = mapOne(removal.kind, answer.object, context).map((mapped) => keyOf(toEntity(mapped)));
      return keys.length === 0 || keys.includes(keyOf(removal)) ? [] : [removal];
    }),
  );
  return new Set(superseded.flat());
}

async function stillPointing(
  removals: readonly Removal[],
  date: number | undefined,
  { port, memory }: SyncContext,
): Promise<Removal[]> {
  const queries = removals.map(({ blueprint, identifier, roles }) => ({
    blueprint,
    identifier,
    fields: Object.values(roles),
  }));
  const existing = await readEntities(port, queries);
  return removals.filter((removal) => {
    const key = entityKey(removal.blueprint, removal.identifier);
    const decision = decideDeletion(removal, existing.get(key));
    if (decision === "absent") rememberGone(key, { date, createdDate: removal.createdDate }, memory);
    if (decision === "foreign" || decision === "older") {
      log("info", "deletion left out", { object: addressName(removal.address), decision });
    }
    return decision === "delete";
  });
}
