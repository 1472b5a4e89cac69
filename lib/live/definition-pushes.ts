import { type RepositoryAddress, sameAddress } from "../bitbucket/address.ts";
import type { BitbucketClient } from "../bitbucket/client.ts";
import { mayPass } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { failureFrom, type Outcome } from "../sync/outcomes.ts";
import type { LiveContext, LiveEvent } from "./context.ts";

/**
 * Lets pushes and renames have their effect on what repositories define in files, when they are done otherwise.
 * @returns the outcomes, with those that have to come again
 */
export async function syncPushes(
  events: readonly LiveEvent[],
  outcomes: readonly Outcome[],
  { definitionPushes, bitbucket }: Pick<LiveContext, "definitionPushes" | "bitbucket">,
): Promise<readonly Outcome[]> {
  if (definitionPushes === undefined) return outcomes;
  const after = [...outcomes];
  for (const [index, { event }] of events.entries()) {
    const { change } = event;
    if (outcomes[index]?.type !== "done" || change.address.kind !== "repository") continue;
    const branches = change.type === "see" ? change.branches : undefined;
    const isMoved = change.type === "modify" && !sameAddress(change.address, change.old);
    const isPush = /^(repo:refs_changed|mirror:repo_synchronized)$/.test(event.key) && branches?.length !== 0;
    if (!isPush && !isMoved) continue;
    try {
      const object = change.object ?? (await readBack(change.address, bitbucket));
      if (object === undefined) continue;
      if (isMoved) await definitionPushes.moved(change.address, object);
      else await definitionPushes.pushed({ address: change.address, object, branches });
    } catch (error) {
      const { reason, retryAfterMs } = failureFrom(error);
      after[index] = { type: "retry", reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    }
  }
  return after;
}

/** Of an event that was too large for the queue. @throws RequestError when it may be read later */
async function readBack(
  address: RepositoryAddress,
  bitbucket: BitbucketClient | undefined,
): Promise<JsonObject | undefined> {
  const answer = await bitbucket?.find(address);
  if (answer?.is === "unknown" && mayPass(answer.error)) throw answer.error;
  return answer?.is === "here" ? answer.object : undefined;
}
