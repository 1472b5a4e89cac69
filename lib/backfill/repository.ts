import type { RepositoryAddress } from "../bitbucket/address.ts";
import { bareObject } from "../bitbucket/objects.ts";
import { objectPath } from "../bitbucket/path.ts";
import { findBeneath } from "../sync/beneath.ts";
import { mapOne, toEntity } from "../sync/map.ts";
import { type Removal, removeEntities } from "../sync/removal.ts";
import { backfillChunk } from "./chunk.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { deleteGone } from "./delete-gone.ts";
import { reportLoss } from "./loss.ts";
import { pullRequestsOf, sizeOf } from "./scopes.ts";

/**
 * Reconciles one repository with its pull requests, by its address; where it is not there any more, its entity goes, with
 * all beneath.
 * @throws RequestError; AbortError when the time is up
 */
export async function backfillRepository(
  address: RepositoryAddress,
  context: BackfillContext,
): Promise<Problems> {
  const answer = await context.bitbucket.find(address);
  switch (answer.is) {
    case "here": {
      const path = `${objectPath({ kind: "project", key: address.key })}/repos`;
      const listed = { object: answer.object, path, operation: "GET repos", start: 0 };
      const { problems, gone } = await backfillChunk([listed], context);
      const total = async () => sizeOf(await pullRequestsOf([address], context, "ALL"));
      const name = `repository:${address.key}/${address.slug}`;
      return [...problems, ...(await deleteGone(name, gone, total, context))];
    }
    case "elsewhere":
    case "gone":
      await remove(address, context);
      return [];
    case "unknown":
      return reportLoss(address, "the repository", answer.error, { ...context, isBroken: false });
  }
}

async function remove(address: RepositoryAddress, context: BackfillContext): Promise<void> {
  const own = mapOne("repository", bareObject(address), context).map((mapped): Removal => {
    const { blueprint, identifier } = toEntity(mapped);
    const { roles } = mapped;
    return { kind: "repository", blueprint, identifier, roles, address, witness: address, linked: true };
  });
  const { removals } = await findBeneath(own, context);
  const { deleted } = await removeEntities([...removals, ...own], undefined, context);
  for (const { kind } of deleted) context.counts[kind].deleted++;
}
