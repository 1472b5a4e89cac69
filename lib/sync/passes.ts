import { createOutcomeCollector, failureFrom, type Outcome, type OutcomeCollector } from "./outcomes.ts";

/** One look at the messages (or objects) that are not settled yet, by position. */
export interface Pass {
  readonly pending: readonly number[];
  readonly collector: OutcomeCollector;
  /** Makes bare entities for relations that still lead nowhere. */
  readonly createMissing: boolean;
}

/**
 * Works in passes until everything is settled. When the newest state of an object is refused, the one before it gets
 * its chance in another pass; when Port lost an entity that was thought to be there, it is made again.
 * @param work does one pass; answers whether a relation's target was missing though it was thought to be there
 * @returns one outcome for each position; never `again`
 */
export async function inPasses(size: number, work: (pass: Pass) => Promise<boolean>): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let pending = [...new Array(size).keys()];
  let createMissing = false;
  // Each pass settles at least one, but for the single one that finds targets missing.
  for (let left = size + 1; pending.length > 0 && left > 0; left--) {
    const collector = createOutcomeCollector();
    try {
      const missing = await work({ pending, collector, createMissing });
      createMissing ||= missing;
    } catch (error) {
      collector.fail(pending, failureFrom(error));
    }
    for (const index of pending) outcomes[index] = collector.outcome(index);
    pending = pending.filter((index) => outcomes[index]?.type === "again");
  }
  return outcomes.map((outcome) =>
    outcome.type === "again" ? { type: "retry", reason: "unsettled" } : outcome,
  );
}
