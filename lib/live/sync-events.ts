import { groupByEntity } from "../sync/candidate.ts";
import { type Counts, zeroCounts } from "../sync/counts.ts";
import { enrichmentFor } from "../sync/enrich.ts";
import { mapSources } from "../sync/map.ts";
import type { SourceObject } from "../sync/observe.ts";
import { failureFrom, type Outcome, type OutcomeCollector } from "../sync/outcomes.ts";
import { inPasses, type Pass } from "../sync/passes.ts";
import { readForPlan } from "../sync/plan-input.ts";
import { writeGroups } from "../sync/write.ts";
import type { LiveContext, LiveEvent } from "./context.ts";
import { confirmLate } from "./late-events.ts";
import { observeEvent } from "./observe-event.ts";
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
  const outcomes = await inPasses(events.length, async (pass) => syncPass(events, pass, context, counts));
  return { outcomes, counts };
}

async function syncPass(
  events: readonly LiveEvent[],
  { pending, collector, createMissing }: Pass,
  context: LiveContext,
  counts: Counts,
): Promise<boolean> {
  const sources = await observeAll(events, pending, collector, context);
  const { candidates, unidentified } = mapSources(context.mapper, sources);
  for (const index of unidentified) {
    collector.fail([index], { permanent: true, reason: "the mapping gives no identifier" });
  }
  const input = await readForPlan(groupByEntity(candidates), context);
  const confirmed = await confirmLate(input, events, collector, context);
  const written = await writeGroups(confirmed, { createMissing, collector, context, counts });
  for (const index of pending) {
    const live = events[index];
    if (live === undefined || collector.failed(index)) continue;
    await removeGone(live.event, written.outdated.has(index), context, counts).catch((error: unknown) => {
      collector.fail([index], failureFrom(error));
    });
  }
  return written.targetsMissing;
}

/** What the events show; an event that cannot be read counts as failed and shows nothing. */
async function observeAll(
  events: readonly LiveEvent[],
  pending: readonly number[],
  collector: OutcomeCollector,
  { bitbucket, mapper }: LiveContext,
): Promise<SourceObject[]> {
  const enrichment = enrichmentFor(mapper);
  const seen = await Promise.all(
    pending.map(async (index) => {
      const live = events[index];
      if (live === undefined) return [];
      try {
        return (await observeEvent(live.event, index, bitbucket, enrichment)) ?? [];
      } catch (error) {
        collector.fail([index], failureFrom(error));
        return [];
      }
    }),
  );
  return seen.flat();
}
