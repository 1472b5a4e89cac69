import { type Address, addressName } from "../bitbucket/address.ts";
import { removalsOf } from "../sync/absent.ts";
import { groupByEntity } from "../sync/candidate-group.ts";
import { confirm } from "../sync/confirm.ts";
import { type Counts, zeroCounts } from "../sync/counts.ts";
import { enrichmentFor } from "../sync/enrich.ts";
import { mapSources } from "../sync/map-sources.ts";
import { withoutUnneededUsers } from "../sync/needed-users.ts";
import { observeObject, type SourceObject } from "../sync/observe.ts";
import { failureFrom, type Outcome, type OutcomeCollector } from "../sync/outcomes.ts";
import { inPasses, type Pass } from "../sync/passes.ts";
import { readForPlan } from "../sync/plan-input.ts";
import { removeEntities } from "../sync/removal.ts";
import { type WrittenGroup, writeGroups } from "../sync/write.ts";
import type { LiveContext, LiveEvent } from "./context.ts";
import { syncPushes } from "./definition-pushes.ts";
import { observeEvent } from "./observe-event.ts";
import { removeGone } from "./removals.ts";

export interface LiveResult {
  /** One for each event, in their order; never `again`. */
  readonly outcomes: readonly Outcome[];
  readonly counts: Counts;
}

/** What takes longer than this, in ms, from reading to writing may have been overtaken by another writer. */
const overtakenAfterMs = 1_500;
/** Readings at what may have been overtaken; an object that changes faster is left to its next events. */
const mostReadings = 3;

/**
 * Brings Port up to what the events say: observe, map, read, confirm, plan, apply.
 * An event that fails does not cost its neighbours.
 */
export async function syncEvents(events: readonly LiveEvent[], context: LiveContext): Promise<LiveResult> {
  const counts = zeroCounts();
  const outcomes = await inPasses(events.length, async (pass) => syncPass(events, pass, context, counts));
  return { outcomes: await syncPushes(events, outcomes, context), counts };
}

async function syncPass(
  events: readonly LiveEvent[],
  pass: Pass,
  context: LiveContext,
  counts: Counts,
): Promise<boolean> {
  const { pending, collector } = pass;
  const sources = await observeAll(events, pending, collector, context);
  const shown = await show(sources, pass, context, counts);
  const again: SourceObject[] = [];
  for (const index of pending) {
    const live = events[index];
    if (live === undefined || collector.failed(index)) continue;
    try {
      const there = await removeGone(live, context, counts);
      for (const address of there) again.push(...(await observeNow(address, index, context, counts)));
    } catch (error) {
      collector.fail([index], failureFrom(error));
    }
  }
  const after = again.length === 0 ? false : await show(again, pass, context, counts);
  return shown || after;
}

/** Brings Port up to source objects; says whether a relation's target was missing though it was thought to be there. */
async function show(
  sources: readonly SourceObject[],
  { collector, createMissing }: Pass,
  context: LiveContext,
  counts: Counts,
): Promise<boolean> {
  let current = sources;
  let targetsMissing = false;
  for (let reading = 0; current.length > 0 && reading < mostReadings; reading++) {
    const groups = groupByEntity(await mapSources(current, collector, context));
    const confirmed = await confirm(await readForPlan(groups, context), collector, context);
    const input = withoutUnneededUsers(confirmed, context);
    const done = await writeGroups(input, { createMissing, collector, context, counts });
    targetsMissing ||= done.targetsMissing;
    const isSlow = Date.now() - input.readAt > overtakenAfterMs;
    current = isSlow ? await observeWritten(done.written, context, counts) : [];
  }
  return targetsMissing;
}

/** What Bitbucket shows now of objects that were just written. */
async function observeWritten(
  written: readonly WrittenGroup[],
  context: LiveContext,
  counts: Counts,
): Promise<SourceObject[]> {
  const own = written.flatMap(({ group: { best } }) =>
    best.intent === "write" && best.address !== undefined ? [{ ...best, address: best.address }] : [],
  );
  const distinct = new Map(own.map((candidate) => [addressName(candidate.address), candidate]));
  const seen = await Promise.all(
    [...distinct.values()].map(({ address, sources }) =>
      observeNow(address, sources[0] ?? 0, context, counts, sources),
    ),
  );
  return seen.flat();
}

async function observeNow(
  address: Address,
  order: number,
  context: LiveContext,
  counts: Counts,
  sources: readonly number[] = [order],
): Promise<SourceObject[]> {
  const answer = await context.bitbucket?.find(address);
  if (answer?.is === "gone" || answer?.is === "elsewhere") {
    // It went while it was written.
    const { deleted } = await removeEntities(await removalsOf(address, context), undefined, context);
    for (const { kind } of deleted) counts[kind].deleted++;
  }
  if (answer?.is !== "here") return [];
  return observeObject(address, answer.object, { order, proof: "listed", at: answer.at }, sources);
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
        return await observeEvent(live, index, bitbucket, enrichment);
      } catch (error) {
        collector.fail([index], failureFrom(error));
        return [];
      }
    }),
  );
  return seen.flat();
}
