import { describeError, log } from "../aws/log.ts";
import { addressName } from "../bitbucket/address.ts";
import type { BitbucketClient } from "../bitbucket/client.ts";
import type { BitbucketEvent } from "../bitbucket/events.ts";
import { textField } from "../bitbucket/objects.ts";
import { mayPass, RequestError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { type Enrichment, readReadme } from "../sync/enrich.ts";
import { epochMs } from "../time.ts";
import type { LiveEvent } from "./context.ts";

type Push = Extract<BitbucketEvent["change"], { type: "see" }>;

/** From this delivery on a repository that answers, but not for its content, is taken for broken. */
const brokenFrom = 4;

/**
 * README and tip, when a push moved the default branch. Undefined when it did not, when the mapping has no use for them,
 * or when they cannot be read: a backfill brings them later.
 * @throws RequestError when they may be read later
 */
export async function readDefaultBranch(
  push: Push,
  { event, deliveries }: Pick<LiveEvent, "event" | "deliveries">,
  { readme, latestCommit }: Enrichment,
  bitbucket: BitbucketClient | undefined,
): Promise<JsonObject | undefined> {
  if (bitbucket === undefined || push.hashes === undefined || !(readme || latestCommit)) return undefined;
  try {
    const tip = await bitbucket.latestCommit(push.address);
    if (tip === undefined || !isMoved(tip, push.hashes, event.date)) return undefined;
    return {
      ...(latestCommit ? { __latestCommit: tip } : {}),
      ...(readme ? await readReadme(push.address, bitbucket) : {}),
    };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    if (await isOutage(push, error, deliveries, bitbucket)) throw error;
    log("warn", "default branch not readable: README and latest commit stay as they are", {
      object: addressName(push.address),
      ...describeError(error),
    });
    return undefined;
  }
}

/** The tip is among the pushed commits, or newer than the push: then its own event may have been lost. */
function isMoved(tip: JsonObject, hashes: readonly string[], date: number | undefined): boolean {
  if (hashes.includes(textField(tip, "id") ?? "")) return true;
  const committed = epochMs(tip["committerTimestamp"] ?? tip["authorTimestamp"]);
  // Events carry whole seconds.
  return committed !== undefined && date !== undefined && committed >= date + 1_000;
}

/** Tells Bitbucket being away from a repository that is broken, or not there any more. */
async function isOutage(
  { address }: Push,
  error: RequestError,
  deliveries: number,
  bitbucket: BitbucketClient,
): Promise<boolean> {
  const { status } = error.failure;
  if (!mayPass(error)) return false;
  // A log-in that is refused is for an operator to mend.
  if (status === 401 || status === 403) return true;
  if (status !== undefined && status >= 400 && status < 429) return false;
  const answer = await bitbucket.find(address);
  if (answer.is === "unknown") return mayPass(answer.error);
  return answer.is === "here" && deliveries < brokenFrom;
}
