import { log } from "../aws/log.ts";
import { addressName, parseLink, type RepositoryAddress, within } from "../bitbucket/address.ts";
import { objectPath } from "../bitbucket/client.ts";
import { type Kind, kinds, repositoryAddress } from "../bitbucket/objects.ts";
import type { JsonObject } from "../json.ts";
import { deleteEntities } from "../sync/delete.ts";
import { linkOf } from "../sync/plan-deletion.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { pullRequestsOf, repositoriesOf, type Scope } from "./scopes.ts";
import { basesOf, type GoneEntity, resolveUnlisted, sortUnlisted } from "./unlisted.ts";

/** An entity that is to be deleted. */
export type Gone = Pick<GoneEntity, "blueprint" | "identifier"> & { readonly kind: Kind };

/** So few may always be deleted: a small catalog would otherwise never be swept. */
const alwaysAllowed = 10;

/**
 * Finds the repositories of a project that are gone, and deletes them with their pull requests, and the pull requests
 * that were found to be gone on the way; unless they are too many.
 * @param gone pull requests that Bitbucket says are gone
 * @param dropped how many more there are, which count for whether they are too many
 * @throws RequestError when a listing does not complete; nothing is deleted then
 */
export async function sweepProject(
  project: string,
  gone: readonly GoneEntity[],
  context: BackfillContext,
  dropped = 0,
): Promise<Problems> {
  const listed = new Set<string>();
  const objects: JsonObject[] = [];
  const path = `${objectPath({ kind: "project", key: project })}/repos`;
  for await (const { values } of context.bitbucket.pages(path, "GET repos")) {
    for (const object of values) {
      const address = repositoryAddress(object);
      if (address !== undefined) listed.add(addressName(address));
    }
    if (objects.length === 0) objects.push(...values.slice(0, 1));
  }
  const scopes = await repositoriesOf([project], context);
  const unlisted: GoneEntity[] = [];
  for (const { entities, roles } of scopes) {
    const found = sortUnlisted(
      entities,
      "repository",
      roles,
      basesOf(objects, context),
      (address) => listed.has(addressName(address)),
      (address) => within({ kind: "project", key: project }, address),
      context,
    );
    unlisted.push(...found.unlisted);
    context.counts.repository.left += found.left;
  }
  const resolved = await resolveUnlisted(unlisted, context);
  const beneath = await pullRequestsBeneath(resolved.gone, context);
  const all = withoutRepeats([...gone, ...resolved.gone, ...beneath]);
  const total = async () => {
    const pullRequests = await pullRequestsOf(addressesIn(scopes), context, "ALL");
    return sizeOf(scopes) + sizeOf(pullRequests);
  };
  const withheld = await deleteGone(`project:${project}`, all, total, context, dropped);
  return [...resolved.problems, ...withheld];
}

/** The pull requests that go with repositories: those whose links lie in one that is gone. */
export async function pullRequestsBeneath(
  repositories: readonly GoneEntity[],
  context: BackfillContext,
): Promise<GoneEntity[]> {
  const addresses = repositories.flatMap(({ address }) => (address.kind === "repository" ? [address] : []));
  const beneath: GoneEntity[] = [];
  for (const { entities, roles } of await pullRequestsOf(addresses, context, "ALL")) {
    const found = sortUnlisted(
      entities,
      "pull-request",
      roles,
      new Set(repositories.map(({ base }) => base)),
      () => false,
      (address) => addresses.some((repository) => within(repository, address)),
      context,
    );
    beneath.push(...found.unlisted);
    context.counts["pull-request"].left += found.left;
  }
  return beneath;
}

/**
 * Deletes what is gone, unless it is too much of the scope: more than ten entities and more than the share that is
 * allowed. Then nothing of the scope is deleted.
 * @param total how many entities Port has in the scope
 * @param dropped how many more are gone, which are not deleted this time
 */
export async function deleteGone(
  scope: string,
  gone: readonly Gone[],
  total: () => Promise<number>,
  context: BackfillContext,
  dropped = 0,
): Promise<Problems> {
  const all = gone.length + dropped;
  const { counts, maxDeletePercent, allowMassDelete } = context;
  if (all > alwaysAllowed && !allowMassDelete) {
    const has = await total();
    if (all * 100 > has * maxDeletePercent) {
      for (const { kind } of gone) counts[kind].withheld++;
      log("error", "deletions withheld", { scope, entities: all, of: has, maxDeletePercent });
      return [
        `${scope}: ${all} of ${has} entities would be deleted, more than ${maxDeletePercent} %: withheld`,
      ];
    }
  }
  // What others depend on goes last.
  for (const kind of kinds.toReversed()) await deleteKind(kind, gone, context);
  return [];
}

async function deleteKind(kind: Kind, gone: readonly Gone[], context: BackfillContext): Promise<void> {
  const own = gone.filter((entity) => entity.kind === kind);
  for (const [blueprint, entities] of Map.groupBy(own, (entity) => entity.blueprint)) {
    const identifiers = entities.map((entity) => entity.identifier);
    const deleted = await deleteEntities(blueprint, identifiers, { date: undefined }, context);
    context.counts[kind].deleted += deleted.length;
    context.counts[kind].left += identifiers.length - deleted.length;
    for (const identifier of deleted) context.report?.("deleted", kind, identifier);
  }
}

export function sizeOf(scopes: readonly Scope[]): number {
  return scopes.reduce((sum, { entities }) => sum + entities.length, 0);
}

/** The repositories that entities stand for, by their links. */
export function addressesIn(scopes: readonly Scope[]): RepositoryAddress[] {
  return scopes.flatMap(({ entities, roles }) =>
    entities.flatMap((entity) => {
      const address = parseLink(linkOf(entity, roles))?.address;
      return address?.kind === "repository" ? [address] : [];
    }),
  );
}

function withoutRepeats(gone: readonly GoneEntity[]): GoneEntity[] {
  return [...new Map(gone.map((entity) => [`${entity.blueprint}\n${entity.identifier}`, entity])).values()];
}
