import { createHash } from "node:crypto";
import { addressName } from "../bitbucket/address.ts";
import type { Change } from "../bitbucket/events.ts";
import { field } from "../bitbucket/objects.ts";
import type { Json } from "../json.ts";

/**
 * Messages of one object keep their order, also when it is renamed or moved meanwhile: its own number names the group,
 * or the one of its repository. Where an event does not carry it, its address does, in lower case, as Bitbucket does not
 * tell `~jdoe` from `~JDOE`. SQS allows 128 ASCII characters, so longer names are hashed.
 */
export function groupId({ address, object }: Pick<Change, "address" | "object">): string {
  const number = address.kind === "pull-request" ? repositoryNumber(object) : field(object, "id");
  if (typeof number === "number") {
    return `${address.kind}:#${number}${address.kind === "pull-request" ? `/${address.id}` : ""}`;
  }
  return sqsId(addressName(address));
}

/** A name as an id that SQS takes: as it is, or its SHA-256 (hex). */
export function sqsId(name: string): string {
  return isSqsId(name) ? name : createHash("sha256").update(name).digest("hex");
}

function repositoryNumber(pullRequest: Json | undefined): Json | undefined {
  return field(field(field(pullRequest, "toRef"), "repository"), "id");
}

/** Group and deduplication ids: up to 128 alphanumeric characters and ASCII punctuation. */
export function isSqsId(id: string | undefined): id is string {
  return id !== undefined && /^[!-~]{1,128}$/.test(id);
}
