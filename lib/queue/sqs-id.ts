import { createHash } from "node:crypto";
import { type Address, addressName } from "../bitbucket/address.ts";

/** Messages of one object keep their order. SQS allows 128 ASCII characters, so longer names are hashed. */
export function groupId(about: Address): string {
  const path = about.kind === "project" ? about.key : `${about.key}/${about.slug}`;
  const name = `${about.kind}:${path}${about.kind === "pull-request" ? `/${about.id}` : ""}`;
  return isSqsId(name) ? name : createHash("sha256").update(addressName(about)).digest("hex");
}

/** Group and deduplication ids: up to 128 alphanumeric characters and ASCII punctuation. */
export function isSqsId(id: string | undefined): id is string {
  return id !== undefined && /^[!-~]{1,128}$/.test(id);
}
