import { addressName, type RepositoryAddress, within } from "../bitbucket/address.ts";
import { repositoryAddress } from "../bitbucket/objects.ts";
import { objectPath } from "../bitbucket/path.ts";
import type { JsonObject } from "../json.ts";
import { type EntityKey, keyOf } from "../port/entity.ts";
import { findBeneath } from "../sync/beneath.ts";
import { mapEach, toEntity } from "../sync/map.ts";
import type { Removal } from "../sync/removal.ts";
import { learnBases } from "./bases.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { deleteGone } from "./delete-gone.ts";
import { pullRequestsOf, repositoriesOf } from "./scopes.ts";
import { addressesIn, sizeOf } from "./sizes.ts";
import { sortUnlisted } from "./sort-unlisted.ts";
import { chooseSuperseded } from "./superseded.ts";
import { resolveUnlisted } from "./unlisted.ts";

export interface Swept {
  readonly problems: Problems;
  /** Repositories that are somewhere else by now. */
  readonly moved: readonly RepositoryAddress[];
}

/**
 * Finds the repositories of a project that are gone, and deletes them with their pull requests, and the pull requests
 * that were found to be gone on the way; unless they are too many.
 * @param gone pull requests that Bitbucket says are gone, and entities that stand under another identifier
 * @param dropped how many more there are, which count for whether they are too many
 * @throws RequestError when a listing does not complete; nothing is deleted then
 */
export async function sweepProject(
  project: string,
  gone: readonly Removal[],
  context: BackfillContext,
  dropped = 0,
): Promise<Swept> {
  const { listed, keys, objects } = await listRepositories(project, context);
  const scopes = await repositoriesOf([project], context);
  if (listed.size === 0 && sizeOf(scopes) > 0) await learnFromProject(project, context);
  const unlisted: Removal[] = [];
  const superseded: Removal[] = [];
  for (const scope of scopes) {
    const isListed = (address: Removal["address"]) => listed.has(addressName(address));
    const inScope = (address: Removal["address"]) => within({ kind: "project", key: project }, address);
    const found = sortUnlisted(scope, "repository", { keys, isListed, inScope }, context);
    unlisted.push(...found.unlisted);
    superseded.push(...found.superseded);
    context.counts.repository.left += found.left;
  }
  const resolved = await resolveUnlisted(unlisted, context);
  const going = [...resolved.gone, ...chooseSuperseded(superseded, keys, context)];
  const beneath = await findBeneath(going, context);
  context.counts["pull-request"].left += beneath.left.length;
  const all = [...gone, ...going, ...beneath.removals];
  const total = async () => {
    const pullRequests = await pullRequestsOf(addressesIn(scopes), context, "ALL");
    return sizeOf(scopes) + sizeOf(pullRequests);
  };
  const withheld = await deleteGone(`project:${project}`, all, total, context, dropped);
  const moved = resolved.moved.filter((address) => address.kind === "repository");
  const files = (await context.definitionFiles?.listed(project, objects)) ?? [];
  return { problems: [...resolved.problems, ...withheld, ...files], moved };
}

async function listRepositories(project: string, context: BackfillContext) {
  const listed = new Set<string>();
  const keys = new Map<EntityKey, string>();
  const objects: JsonObject[] = [];
  const path = `${objectPath({ kind: "project", key: project })}/repos`;
  for await (const { values } of context.bitbucket.pages(path, "GET repos")) {
    learnBases(values, context);
    // Of all of them no more is needed than which they are.
    objects.push(...values.map(({ id = null }) => ({ id })));
    const mapped = mapEach("repository", values, context);
    for (const [index, object] of values.entries()) {
      const address = repositoryAddress(object);
      if (address === undefined) continue;
      listed.add(addressName(address));
      for (const entity of mapped[index] ?? []) keys.set(keyOf(toEntity(entity)), addressName(address));
    }
  }
  return { listed, keys, objects };
}

/** The last repository is gone, and no other shows what links look like: the project itself does. */
async function learnFromProject(key: string, context: BackfillContext): Promise<void> {
  const answer = await context.bitbucket.find({ kind: "project", key });
  if (answer.is === "here") learnBases([answer.object], context, "project");
}
