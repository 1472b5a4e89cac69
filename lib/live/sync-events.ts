import { contests } from "../sync/candidate.ts";
import type { LiveContext, LiveEvent } from "../sync/context.ts";
import { type Counts, zeroCounts } from "../sync/counts.ts";
import { enrichmentFor } from "../sync/enrich.ts";
import { mapSources } from "../sync/map.ts";
import { observe, type SourceObject } from "../sync/observe.ts";
import { failureFrom, type Ledger, type Outcome } from "../sync/outcomes.ts";
import { inRounds, type Round } from "../sync/passes.ts";
import { readForPlan } from "../sync/plan-input.ts";
import { writeContests } from "../sync/write.ts";
import { confirmLate } from "./late-events.ts";
import { removeGone } from "./removals.ts";

export interface LiveResult {
  /** One for each event, in their order; never `again`. */
  readonly outcomes: readonly Outcome[];
  readonly counts: Counts;
}

/**
 * Brings Port up to what the events say: observe, map, read, plan, apply.
 * An event that fails does not cost its neighbours.
 */
export async function syncEvents(events: readonly LiveEvent[], context: LiveContext): Promise<LiveResult> {
  const counts = zeroCounts();
  const outcomes = await inRounds(events.length, async (round) => syncRound(events, round, context, counts));
  return { outcomes, counts };
}

async function syncRound(
  events: readonly LiveEvent[],
  { pending, ledger, createMissing }: Round,
  context: LiveContext,
  counts: Counts,
): Promise<boolean> {
  const sources = await observeAll(events, pending, ledger, context);
  const { candidates, unidentified } = mapSources(context.mapper, sources);
  for (const index of unidentified) {
    ledger.fail([index], { permanent: true, reason: "the mapping gives no identifier" });
  }
  const input = await readForPlan(contests(candidates), context);
  const confirmed = await confirmLate(input, events, ledger, context);
  const written = await writeContests(confirmed, { createMissing, ledger, context, counts });
  for (const index of pending) {
    const live = events[index];
    if (live === undefined || ledger.failed(index)) continue;
    await removeGone(live.event, written.outdated.has(index), context, counts).catch((error: unknown) => {
      ledger.fail([index], failureFrom(error));
    });
  }
  return written.targetsMissing;
}

/** What the events show; an event that cannot be read counts as failed and shows nothing. */
async function observeAll(
  events: readonly LiveEvent[],
  pending: readonly number[],
  ledger: Ledger,
  { bitbucket, mapper }: LiveContext,
): Promise<SourceObject[]> {
  const enrichment = enrichmentFor(mapper);
  const seen = await Promise.all(
    pending.map(async (index) => {
      const live = events[index];
      if (live === undefined) return [];
      try {
        return (await observe(live.event, index, bitbucket, enrichment)) ?? [];
      } catch (error) {
        ledger.fail([index], failureFrom(error));
        return [];
      }
    }),
  );
  return seen.flat();
}
