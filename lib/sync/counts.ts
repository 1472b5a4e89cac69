import type { Metrics } from "../aws/metrics.ts";
import { type Kind, kinds } from "../bitbucket/objects.ts";

/** What became of the entities of one kind. */
export interface KindCounts {
  /** Objects that Bitbucket showed. */
  seen: number;
  created: number;
  updated: number;
  unchanged: number;
  /** Left as they are because Port has something newer. */
  older: number;
  deleted: number;
  /** To be deleted, but too many at once. */
  withheld: number;
  /** Not in Bitbucket's listing, but nothing proves that they are gone. */
  left: number;
  failed: number;
}

export type Counts = Record<Kind, KindCounts>;

export function zeroCounts(): Counts {
  const zero = (): KindCounts => ({
    seen: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    older: 0,
    deleted: 0,
    withheld: 0,
    left: 0,
    failed: 0,
  });
  return { project: zero(), repository: zero(), "pull-request": zero(), user: zero() };
}

/** One figure over all kinds. */
export function total(counts: Counts, figure: keyof KindCounts): number {
  return kinds.reduce((sum, kind) => sum + counts[kind][figure], 0);
}

/** The counts as metrics, over all kinds. */
export function countMetrics(counts: Counts): Metrics {
  return {
    created: total(counts, "created"),
    upserted: total(counts, "created") + total(counts, "updated"),
    unchanged: total(counts, "unchanged"),
    older: total(counts, "older"),
    deleted: total(counts, "deleted"),
    withheld: total(counts, "withheld"),
    failed: total(counts, "failed"),
  };
}

/** Adds what another part of the work did. */
export function addCounts(counts: Counts, more: Counts): void {
  for (const kind of kinds) {
    for (const figure of Object.keys(counts[kind]) as (keyof KindCounts)[]) {
      counts[kind][figure] += more[kind][figure];
    }
  }
}
