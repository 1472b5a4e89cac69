import { addressName, type RepositoryAddress } from "../bitbucket/address.ts";
import { objectPath } from "../bitbucket/client.ts";
import { repositoryAddress } from "../bitbucket/objects.ts";
import type { JsonObject } from "../json.ts";
import { enrichmentFor, enrichmentOf } from "../sync/enrich.ts";
import { observeObject } from "../sync/observe.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { backfillPullRequests } from "./pull-requests.ts";
import { type Listed, reconcileListed } from "./reconcile-listed.ts";
import { findUnlistedPullRequests } from "./scopes.ts";
import { basesOf, type GoneEntity, resolveUnlisted } from "./unlisted.ts";

/**
 * Reconciles some repositories with their pull requests; nothing is deleted.
 * @returns what is wrong, and the pull requests that Bitbucket says are gone
 * @throws RequestError when a listing does not complete; AbortError when the time is up
 */
export async function backfillChunk(
  chunk: readonly Listed[],
  context: BackfillContext,
): Promise<{ problems: Problems; gone: readonly GoneEntity[] }> {
  const { bitbucket, counts, mapper } = context;
  const enrichment = enrichmentFor(mapper);
  const addresses = chunk.flatMap(({ object }) => repositoryAddress(object) ?? []);
  const extras = new Map<string, JsonObject>();
  await Promise.all(
    addresses.map(async (address) => {
      extras.set(addressName(address), await enrichmentOf(address, enrichment, bitbucket));
    }),
  );
  counts.repository.seen += chunk.length;
  const repositories = await reconcileListed(
    chunk,
    (object) => String(object["slug"]),
    (object, order) => {
      const address = repositoryAddress(object);
      if (address === undefined) return [];
      return observeObject(address, { ...object, ...extras.get(addressName(address)) }, { order });
    },
    context,
  );
  const pullRequests = await backfillPullRequests(addresses, context);
  const bases = basesOf(
    chunk.map(({ object }) => object),
    context,
  );
  const found = await findUnlistedPullRequests(addresses, bases, pullRequests.listed, context);
  counts["pull-request"].left += found.left;
  const resolved = await resolveUnlisted(found.unlisted, context);
  return {
    problems: [...repositories.problems, ...pullRequests.problems, ...resolved.problems],
    gone: resolved.gone,
  };
}

/** The same for one repository, by its address. */
export async function backfillRepository(
  address: RepositoryAddress,
  context: BackfillContext,
): Promise<Problems> {
  const object = await context.bitbucket.object(address);
  if (object === undefined) return [];
  const path = `${objectPath({ kind: "project", key: address.key })}/repos`;
  return (await backfillChunk([{ object, path, operation: "GET repos", start: 0 }], context)).problems;
}
