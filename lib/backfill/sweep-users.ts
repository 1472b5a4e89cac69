import { describeError, log } from "../aws/log.ts";
import { addressName, type Place } from "../bitbucket/address.ts";
import { type Entity, type EntityKey, keyOf } from "../port/entity.ts";
import type { Removal } from "../sync/removal.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { deleteGone } from "./delete-gone.ts";
import { entitiesOf } from "./scopes.ts";
import { sortUnlisted } from "./sort-unlisted.ts";
import { stillNamed } from "./still-named.ts";
import { chooseSuperseded } from "./superseded.ts";

/** So long after a look, in ms, it may be that an event has named somebody. */
const namedSinceMs = 1_500;

/** What the listing of users showed. */
export interface ListedUsers {
  /** Names of their addresses. */
  readonly listed: ReadonlySet<string>;
  /** The entities that the mapping makes of them, with the names of their addresses. */
  readonly keys: ReadonlyMap<EntityKey, string>;
}

/**
 * Deletes the entities of users that Bitbucket says do not exist, and those that users had before their e-mail address
 * changed; but none that anything in the catalog still names, as people hang ownership on them.
 * @throws RequestError when Port is away
 */
export async function sweepUsers({ listed, keys }: ListedUsers, context: BackfillContext): Promise<Problems> {
  const gone: Removal[] = [];
  const entities = new Map<EntityKey, Entity>();
  let has = 0;
  for (const scope of await entitiesOf("user", { name: "-", slug: "-" }, context)) {
    has += scope.entities.length;
    for (const entity of scope.entities) entities.set(keyOf(entity), entity);
    const listing = {
      keys,
      isListed: (address: Place) => listed.has(addressName(address)),
      inScope: () => true,
    };
    const { unlisted, superseded, left } = sortUnlisted(scope, "user", listing, context);
    context.counts.user.left += left;
    gone.push(...(await goneOf(unlisted, context)), ...chooseSuperseded(superseded, keys, context));
  }
  const lookedAt = Date.now();
  const unnamed = async (removals: readonly Removal[]) => {
    const named = await stillNamed(removals, entities, context);
    return removals.filter((removal) => !named.has(keyOf(removal)));
  };
  const going = await unnamed(gone);
  context.counts.user.left += gone.length - going.length;
  // An event may have named one of them while both sides took their time.
  const lastLook = async (due: readonly Removal[]) =>
    Date.now() - lookedAt < namedSinceMs ? due : unnamed(due);
  return deleteGone("users", going, async () => has, context, 0, lastLook);
}

/** What is found out before time is up is not lost. */
async function goneOf(unlisted: readonly Removal[], context: BackfillContext): Promise<Removal[]> {
  const asked = unlisted.map(async (removal) => {
    if (context.outOfTime()) return false;
    const answer = await context.bitbucket.find(removal.address);
    if (answer.is === "unknown") {
      log("info", "nobody can tell whether a user exists", describeError(answer.error));
    }
    return answer.is === "gone" || answer.is === "elsewhere";
  });
  const isGone = await Promise.all(asked);
  context.counts.user.left += isGone.filter((gone) => !gone).length;
  return unlisted.filter((_, index) => isGone[index]);
}
