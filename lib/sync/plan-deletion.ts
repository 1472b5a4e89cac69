import { type Place, parseLinkOf, sameAddress } from "../bitbucket/address.ts";
import type { Roles } from "../mapping/traits.ts";
import type { Entity } from "../port/entity.ts";
import { dateOf } from "./difference.ts";
import { sameMoment } from "./plan.ts";

/** What an entity that is to be deleted has to look like. */
export interface Deletion {
  readonly roles: Roles;
  /** The object that the entity stands for. */
  readonly address: Place;
  /** The Bitbucket that the entity's link has to belong to (scheme, host, context path), when known. */
  readonly base?: string | undefined;
  /** The object had a web link; when it had none, an entity without one counts as the same. */
  readonly linked: boolean;
  /** The object's creation date tells it from a successor. Epoch ms. */
  readonly createdDate?: number | undefined;
}

/** `foreign`: the entity stands for something else (or nobody can tell) and stays. */
export type DeletionDecision = "delete" | "absent" | "foreign" | "older";

/** What to do about an entity whose object is gone. Pure. */
export function decideDeletion(deletion: Deletion, existing: Entity | undefined): DeletionDecision {
  if (existing === undefined) return "absent";
  // Another object has the name by now, or had it before: the word was not about that one.
  if (!sameMoment(dateOf(existing, deletion.roles.created), deletion.createdDate)) return "older";
  return pointsAt(deletion, linkOf(existing, deletion.roles)) ? "delete" : "foreign";
}

function pointsAt(deletion: Deletion, link: string | undefined): boolean {
  if (link === undefined) return !deletion.linked;
  const parsed = parseLinkOf(deletion.address.kind, link);
  if (parsed === undefined || !sameAddress(parsed.address, deletion.address)) return false;
  return deletion.base === undefined || deletion.base === parsed.base;
}

/** The web link that an entity carries. */
export function linkOf(entity: Entity, roles: Roles): string | undefined {
  const link = roles.link === undefined ? undefined : entity.properties[roles.link];
  return typeof link === "string" && link !== "" ? link : undefined;
}
