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

/** Definition files in the repositories, and the entities that they describe. */
export const gitopsKinds = ["gitops-file", "gitops-entity"] as const;
export type GitopsKind = (typeof gitopsKinds)[number];

/** The last two only where files are looked for. */
export type Counts = Record<Kind, KindCounts> & Partial<Record<GitopsKind, KindCounts>>;

export function zeroCounts(isGitops = false): Counts {
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
  return {
    project: zero(),
    repository: zero(),
    "pull-request": zero(),
    user: zero(),
    ...(isGitops && { "gitops-file": zero(), "gitops-entity": zero() }),
  };
}

/** The kinds that are counted. */
export function kindsOf(counts: Counts): (Kind | GitopsKind)[] {
  return [...kinds, ...gitopsKinds.filter((kind) => counts[kind] !== undefined)];
}

/** One figure over all kinds. */
export function total(counts: Counts, figure: keyof KindCounts): number {
  return kindsOf(counts).reduce((sum, kind) => sum + (counts[kind]?.[figure] ?? 0), 0);
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
    // What is wrong with a file is for its owner to mend.
    failed: kinds.reduce((sum, kind) => sum + counts[kind].failed, 0),
    gitopsFaults: counts["gitops-file"]?.failed ?? 0,
  };
}

/** Adds what another part of the work did. */
export function addCounts(counts: Counts, more: Counts): void {
  for (const kind of kindsOf(counts)) {
    const [own, other] = [counts[kind], more[kind]];
    if (own === undefined || other === undefined) continue;
    for (const figure of Object.keys(own) as (keyof KindCounts)[]) own[figure] += other[figure];
  }
}
