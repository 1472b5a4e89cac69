import { addressName, within } from "../bitbucket/address.ts";
import type { Roles } from "../mapping/traits.ts";
import { type Entity, keyOf } from "../port/entity.ts";
import type { Removal } from "../sync/removal.ts";
import type { BackfillContext, Problems } from "./context.ts";
import type { PullRequestsDone } from "./pull-requests.ts";
import { pullRequestsOf } from "./scopes.ts";
import { sortUnlisted } from "./sort-unlisted.ts";
import { chooseSuperseded } from "./superseded.ts";
import { resolveUnlisted } from "./unlisted.ts";

/**
 * Looks for pull requests that Port has, in the wanted state, and a complete listing of their repository does not show;
 * what is there after all is written as it is now.
 * @returns those that are to be deleted
 * @throws RequestError
 */
export async function findUnlistedPullRequests(
  { complete, listed, keys }: PullRequestsDone,
  context: BackfillContext,
): Promise<{ readonly gone: readonly Removal[]; readonly problems: Problems }> {
  const unlisted: Removal[] = [];
  const superseded: Removal[] = [];
  const isShown = (entity: Entity, _: Roles) => keys.has(keyOf(entity));
  for (const scope of await pullRequestsOf(complete, context, context.state, isShown)) {
    const listing = {
      keys,
      isListed: (address: Removal["address"]) => listed.has(addressName(address)),
      inScope: (address: Removal["address"]) => complete.some((repository) => within(repository, address)),
    };
    const found = sortUnlisted(scope, "pull-request", listing, context);
    unlisted.push(...found.unlisted);
    superseded.push(...found.superseded);
    context.counts["pull-request"].left += found.left;
  }
  const resolved = await resolveUnlisted(unlisted, context);
  const gone = [...resolved.gone, ...chooseSuperseded(superseded, keys, context)];
  return { gone, problems: resolved.problems };
}
