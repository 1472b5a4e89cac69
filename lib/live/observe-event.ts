import type { Address } from "../bitbucket/address.ts";
import type { BitbucketClient } from "../bitbucket/client.ts";
import type { Whereabouts } from "../bitbucket/whereabouts.ts";
import { mayPass, UnprocessableError } from "../errors.ts";
import type { Version } from "../sync/candidate.ts";
import type { Enrichment } from "../sync/enrich.ts";
import { observeObject, observeRepository, projectOf, type SourceObject } from "../sync/observe.ts";
import type { LiveEvent } from "./context.ts";
import { readDefaultBranch } from "./default-branch.ts";

const longAgoMs = 24 * 3_600_000;
const rightAwayMs = 15 * 60_000;

/**
 * The objects that an event shows: its own, and those that its relations lead to. Nothing when the event does not carry
 * its object and Bitbucket says that there is none by now.
 * @param order the message's position
 * @param bitbucket absent when no Bitbucket is configured
 * @throws UnprocessableError when the event does not carry its object and it cannot be read back; RequestError when it
 * may be read back later
 */
export async function observeEvent(
  live: LiveEvent,
  order: number,
  bitbucket: BitbucketClient | undefined,
  enrichment: Enrichment,
): Promise<SourceObject[]> {
  const { change, date } = live.event;
  if (change.type === "delete") return [];
  const back = change.object === undefined ? await readBack(change.address, bitbucket) : undefined;
  const object = change.object ?? back?.object;
  if (object === undefined) return [];
  const proof = back === undefined ? "event" : "listed";
  const seen: Version = {
    date,
    order,
    proof,
    at: back?.at,
    byHand: isByHand(live),
    deliveries: live.deliveries,
  };
  if (change.type !== "see") return observeObject(change.address, object, seen);
  const pushed = await readDefaultBranch(change, live, enrichment, bitbucket);
  const intent = pushed === undefined ? "ensure" : "refresh";
  const [repository, ...authors] = observeRepository({ ...object, ...pushed }, intent, seen);
  if (repository === undefined) return [];
  // The tip was read just now, and its author with it.
  const known = authors.map((author) => ({ ...author, version: { ...seen, proof: "listed" as const } }));
  return [repository, ...known, ...projectOf(object, seen)];
}

/** What somebody plays back is much older than its delivery, and looked at right away. */
function isByHand({ acceptedAt, event: { date } }: LiveEvent): boolean {
  return date !== undefined && acceptedAt - date > longAgoMs && Date.now() - acceptedAt < rightAwayMs;
}

async function readBack(
  address: Address,
  bitbucket: BitbucketClient | undefined,
): Promise<Extract<Whereabouts, { is: "here" }> | undefined> {
  if (bitbucket === undefined) {
    throw new UnprocessableError(
      "needs_bitbucket",
      "the event was too large for the queue and cannot be read back: set BITBUCKET_HOST and its credentials",
    );
  }
  const answer = await bitbucket.find(address);
  switch (answer.is) {
    case "here":
      return answer;
    case "elsewhere":
    case "gone":
      return undefined;
    case "unknown":
      if (mayPass(answer.error)) throw answer.error;
      throw new UnprocessableError(
        "cannot_be_read_back",
        "the event was too large for the queue, and these credentials may not read its object",
      );
  }
}
