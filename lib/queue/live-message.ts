import { createHash } from "node:crypto";
import type { BitbucketEvent, Change } from "../bitbucket/events.ts";
import { groupId, isSqsId } from "./sqs-id.ts";

/**
 * Largest body that we send, in bytes. SQS takes 1 MiB (since August 2025), attributes included: the rest is room
 * for the reason that a dead-lettered message carries.
 */
export const maxMessageBytes = 1_048_576 - 2_048;
/** Commits that a reference names at the most. */
const maxHashes = 1_000;
/** Bytes of a reference that are for branches. */
const maxBranchesBytes = 500_000;

export interface OutgoingMessage {
  readonly body: string;
  readonly groupId: string;
  readonly deduplicationId: string;
}

/**
 * The SQS message for an event.
 * @param body the payload's text, put into the message as it is
 * @param requestId `X-Request-Id`; without a usable one the body's SHA-256 (hex) tells deliveries apart
 * @param acceptedAt epoch ms
 */
export function liveMessage(
  event: BitbucketEvent,
  body: string,
  requestId: string | undefined,
  acceptedAt: number,
): OutgoingMessage {
  const deliveryId = isSqsId(requestId) ? requestId : createHash("sha256").update(body).digest("hex");
  const head = `{"deliveryId":${JSON.stringify(deliveryId)},"acceptedAt":${acceptedAt}`;
  const whole = `${head},"payload":${sqsText(body)}}`;
  const fits = Buffer.byteLength(whole) <= maxMessageBytes;
  return {
    body: fits ? whole : `${head},"reference":${sqsText(JSON.stringify(reference(event)))}}`,
    groupId: groupId(event.change),
    deduplicationId: deliveryId,
  };
}

function reference(event: BitbucketEvent): object {
  const { object: _, ...change } = event.change;
  return { key: event.key, date: event.date, change: change.type === "see" ? shortened(change) : change };
}

/** Branches are told all or not at all: of one that was left out nobody would know that it was pushed. */
function shortened({ hashes, branches, ...change }: Extract<Change, { type: "see" }>): object {
  const fits = branches !== undefined && Buffer.byteLength(JSON.stringify(branches)) <= maxBranchesBytes;
  return {
    ...change,
    ...(hashes === undefined ? {} : { hashes: hashes.slice(0, maxHashes) }),
    ...(fits ? { branches } : {}),
  };
}

/** SQS refuses the two non-characters U+FFFE and U+FFFF; inside JSON they can be written as escapes. */
function sqsText(json: string): string {
  return json.replace(/[\uFFFE\uFFFF]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}
