import type { Address } from "../bitbucket/address.ts";
import type { Kind } from "../bitbucket/objects.ts";
import type { Roles } from "../mapping/traits.ts";
import type { Entity } from "../port/entity.ts";

/**
 * How a state of an object is known. `event`: an event showed it, and much may have happened since. `word`: the same,
 * where Bitbucket could not be asked. `listed`: Bitbucket showed it before Port was read. `asked`: Bitbucket showed it
 * after Port was read, so that nothing in Port is newer.
 */
export type Proof = "event" | "word" | "listed" | "asked";

/** How new a state of an object is. All optional: not every object tells. */
export interface Version {
  readonly proof?: Proof;
  /** Somebody sent an event of long ago by hand: Bitbucket sends its own at once, and never again. */
  readonly byHand?: boolean;
  /** How often its event was delivered: Bitbucket was asked for it as often, in vain. */
  readonly deliveries?: number;
  /** When Bitbucket was asked, epoch ms by its own clock (whole seconds). */
  readonly at?: number | undefined;
  /** The object's `updatedDate`, epoch ms. */
  readonly updated?: number | undefined;
  /** The object's `version`, which counts its edits. */
  readonly revision?: number | undefined;
  /** When the event that showed this state happened, epoch ms. */
  readonly date?: number | undefined;
  /** Place in the order of arrival. */
  readonly order: number;
}

/** Below 0 when `a` is older than `b`: by the first of update date, revision, event date, arrival that both have. */
export function compareVersions(a: Version, b: Version): number {
  for (const part of ["updated", "revision", "date", "order"] as const) {
    const [left, right] = [a[part], b[part]];
    if (left !== undefined && right !== undefined && left !== right) return left - right;
  }
  return 0;
}

/** An entity that some source object wants to be in Port. */
export interface Candidate {
  readonly kind: Kind;
  readonly entity: Entity;
  /**
   * `write`: Port is to show this state. `ensure`: it has to be there, but what is there stays. `refresh`: it has to
   * be there, and the fields in `enriched` are to be these.
   */
  readonly intent: "write" | "ensure" | "refresh";
  readonly version: Version;
  readonly roles: Roles;
  readonly enriched: readonly string[];
  /** Absent for users, which have no address of their own. */
  readonly address?: Address | undefined;
  /** Epoch ms. */
  readonly createdDate?: number | undefined;
  /** The messages that it comes from, by position. */
  readonly sources: readonly number[];
}
