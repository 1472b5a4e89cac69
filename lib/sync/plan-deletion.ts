import { type Address, parseLink, sameAddress } from "../bitbucket/address.ts";
import type { Roles } from "../mapping/traits.ts";
import type { Entity } from "../port/entity.ts";
import { dateOf } from "./plan.ts";

/** An entity to be deleted because Bitbucket said that its object is gone from this address. */
export interface Deletion {
  readonly address: Address;
  /** The Bitbucket that said so (scheme, host, context path), when known. */
  readonly base?: string | undefined;
  /** The object had a web link itself; when it had none, an entity without one counts as the same. */
  readonly linked: boolean;
  /** Epoch ms. */
  readonly createdDate?: number | undefined;
  readonly roles: Roles;
}

/** `foreign`: the entity stands for something else (or nobody can tell) and stays. */
export type DeletionDecision = "delete" | "absent" | "foreign" | "older";

/** What to do about an entity whose object is gone. Pure. */
export function decideDeletion(deletion: Deletion, existing: Entity | undefined): DeletionDecision {
  if (existing === undefined) return "absent";
  const created = dateOf(existing, deletion.roles.created);
  if (created !== undefined && deletion.createdDate !== undefined && created > deletion.createdDate)
    return "older";
  return pointsAt(deletion, linkOf(existing, deletion.roles)) ? "delete" : "foreign";
}

function pointsAt(deletion: Deletion, link: string | undefined): boolean {
  if (link === undefined) return !deletion.linked;
  const parsed = parseLink(link);
  if (parsed === undefined || !sameAddress(parsed.address, deletion.address)) return false;
  return deletion.base === undefined || deletion.base === parsed.base;
}

/** The web link that an entity carries. */
export function linkOf(entity: Entity, roles: Roles): string | undefined {
  const link = roles.link === undefined ? undefined : entity.properties[roles.link];
  return typeof link === "string" && link !== "" ? link : undefined;
}
