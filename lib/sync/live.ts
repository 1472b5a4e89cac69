import { contests } from "./candidate.ts";
import { confirmLate } from "./confirm.ts";
import { type Counts, type LiveContext, type LiveEvent, zeroCounts } from "./context.ts";
import { createLedger, failureFrom, type Ledger, type Outcome } from "./ledger.ts";
import { mapSources } from "./map.ts";
import { observe, type SourceObject } from "./observe.ts";
import { readForPlan } from "./plan-input.ts";
import { removeGone } from "./remove.ts";
import { writeContests } from "./write.ts";

export interface LiveResult {
  /** One for each event, in their order; never `again`. */
  readonly outcomes: readonly Outcome[];
  readonly counts: Counts;
}

/**
 * Brings Port up to what the events say: observe, map, read, plan, apply.
 * An event that fails does not cost its neighbours. When the newest state of an object is refused, the one before it
 * gets its chance in another round; when Port lost an entity that was thought to be there, it is made again.
 */
export async function syncEvents(events: readonly LiveEvent[], context: LiveContext): Promise<LiveResult> {
  const counts = zeroCounts();
  const outcomes = new Map<number, Outcome>();
  let pending = events.map((_, index) => index);
  let targetsMissing = false;
  // Each round settles at least one event, but for the single one that finds targets missing.
  for (let round = 0; pending.length > 0 && round <= events.length + 1; round++) {
    const ledger = createLedger();
    try {
      const missing = await syncRound(events, pending, targetsMissing, ledger, context, counts);
      targetsMissing ||= missing;
    } catch (error) {
      ledger.fail(pending, failureFrom(error));
    }
    for (const index of pending) outcomes.set(index, ledger.outcome(index));
    pending = pending.filter((index) => outcomes.get(index)?.type === "again");
  }
  for (const index of pending) outcomes.set(index, { type: "retry", reason: "unsettled" });
  return { outcomes: events.map((_, index) => outcomes.get(index) ?? { type: "done" }), counts };
}

/** True when a relation's target was not there, though it was thought to be. */
async function syncRound(
  events: readonly LiveEvent[],
  pending: readonly number[],
  createMissing: boolean,
  ledger: Ledger,
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
  const enrichment = {
    readme: mapper.reads("repository", "__readme"),
    latestCommit: mapper.reads("repository", "__latestCommit"),
  };
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
