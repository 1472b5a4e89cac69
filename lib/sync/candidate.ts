import type { Address } from "../bitbucket/address.ts";
import type { Kind } from "../bitbucket/objects.ts";
import type { Roles } from "../mapping/traits.ts";
import { type Entity, type EntityKey, keyOf } from "../port/entity.ts";

/** How new a state of an object is. All optional: not every object tells. */
export interface Version {
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

/** An entity that some message wants to be in Port. */
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

/** The candidates of one entity, best first, with what all of them ask for. */
export interface CandidateGroup {
  readonly key: EntityKey;
  readonly best: Candidate;
  readonly others: readonly Candidate[];
}

/**
 * One group per entity. A state that is to be shown beats one that only has to be there; among equals the newest
 * wins, so that several events of one object in a batch become one write.
 */
export function groupByEntity(candidates: readonly Candidate[]): CandidateGroup[] {
  const byKey = Map.groupBy(candidates, (candidate) => keyOf(candidate.entity));
  return [...byKey].flatMap(([key, all]) => {
    const [best, ...others] = all.toSorted(
      (a, b) => rank[b.intent] - rank[a.intent] || compareVersions(b.version, a.version),
    );
    return best === undefined ? [] : [{ key, best, others }];
  });
}

const rank = { ensure: 0, refresh: 1, write: 2 } as const;
