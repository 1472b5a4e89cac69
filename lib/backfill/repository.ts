import type { RepositoryAddress } from "../bitbucket/address.ts";
import { objectPath } from "../bitbucket/path.ts";
import { RequestError } from "../errors.ts";
import { removeAway } from "./away.ts";
import { backfillChunk } from "./chunk.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { deleteGone } from "./delete-gone.ts";
import { reportLoss } from "./loss.ts";
import { pullRequestsOf } from "./scopes.ts";
import { sizeOf } from "./sizes.ts";

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
      try {
        const { problems, gone } = await backfillChunk([listed], context);
        const total = async () => sizeOf(await pullRequestsOf([address], context, "ALL"));
        const name = `repository:${address.key}/${address.slug}`;
        return [...problems, ...(await deleteGone(name, gone, total, context))];
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        return await removeIfAway(address, error, context);
      }
    }
    case "elsewhere":
    case "gone":
      return removeAway(address, answer.is === "elsewhere", context);
    case "unknown":
      return reportLoss(address, "the repository", answer.error, { ...context, isBroken: false });
  }
}

/** Renamed, moved or deleted while it was read: what was written of it goes again. @throws the error when it is there */
async function removeIfAway(
  address: RepositoryAddress,
  error: RequestError,
  context: BackfillContext,
): Promise<Problems> {
  for (const place of [{ kind: "project", key: address.key } as const, address]) {
    const answer = await context.bitbucket.find(place);
    const isAway = answer.is === "gone" || answer.is === "elsewhere";
    if (isAway) return removeAway(place, answer.is === "elsewhere", context);
  }
  throw error;
}
