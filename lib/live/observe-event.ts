import { describeError, log } from "../aws/log.ts";
import { type Address, addressName } from "../bitbucket/address.ts";
import type { BitbucketClient } from "../bitbucket/client.ts";
import type { BitbucketEvent } from "../bitbucket/events.ts";
import { textField } from "../bitbucket/objects.ts";
import { UnprocessableError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { Version } from "../sync/candidate.ts";
import { type Enrichment, isRefused, readReadme } from "../sync/enrich.ts";
import { observeObject, observeRepository, projectOf, type SourceObject } from "../sync/observe.ts";

/**
 * The objects that an event shows: its own, and those that its relations lead to.
 * @param order the message's position
 * @param bitbucket absent when no Bitbucket is configured
 * @returns undefined when Bitbucket says that the object is gone by now
 * @throws UnprocessableError when the event does not carry its object and it cannot be read back
 */
export async function observeEvent(
  event: BitbucketEvent,
  order: number,
  bitbucket: BitbucketClient | undefined,
  enrichment: Enrichment,
): Promise<SourceObject[] | undefined> {
  const { change } = event;
  if (change.type === "delete") return [];
  const object = change.object ?? (await readBack(change.address, bitbucket));
  if (object === undefined) return undefined;
  const seen: Version = { date: event.date, order };
  if (change.type !== "see") return observeObject(change.address, object, seen);
  const pushed = await readDefaultBranch(change, bitbucket, enrichment);
  const intent = pushed === undefined ? "ensure" : "refresh";
  return [...observeRepository({ ...object, ...pushed }, intent, seen), ...projectOf(object, seen)];
}

async function readBack(
  address: Address,
  bitbucket: BitbucketClient | undefined,
): Promise<JsonObject | undefined> {
  if (bitbucket !== undefined) return bitbucket.object(address);
  throw new UnprocessableError(
    "needs_bitbucket",
    "the event was too large for the queue and cannot be read back: set BITBUCKET_HOST and its credentials",
  );
}

/**
 * README and tip, when the push moved the default branch: its tip is then among the pushed commits. Undefined when the
 * mapping has no use for them, or Bitbucket does not let us see them (a backfill brings them later).
 */
async function readDefaultBranch(
  change: Extract<BitbucketEvent["change"], { type: "see" }>,
  bitbucket: BitbucketClient | undefined,
  { readme, latestCommit }: Enrichment,
): Promise<JsonObject | undefined> {
  if (bitbucket === undefined || change.hashes === undefined || !(readme || latestCommit)) return undefined;
  try {
    const tip = await bitbucket.latestCommit(change.address);
    if (!change.hashes.includes(textField(tip, "id") ?? "")) return undefined;
    return {
      ...(latestCommit ? { __latestCommit: tip ?? null } : {}),
      ...(readme ? await readReadme(change.address, bitbucket) : {}),
    };
  } catch (error) {
    if (!isRefused(error)) throw error;
    log("warn", "default branch not readable", {
      object: addressName(change.address),
      ...describeError(error),
    });
    return undefined;
  }
}
