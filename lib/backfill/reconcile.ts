import { log } from "../aws/log.ts";
import { addressName } from "../bitbucket/address.ts";
import { outOfTime } from "../errors.ts";
import type { EntityKey } from "../port/entity.ts";
import { groupByEntity } from "../sync/candidate-group.ts";
import { confirm } from "../sync/confirm.ts";
import { mapSources } from "../sync/map-sources.ts";
import type { SourceObject } from "../sync/observe.ts";
import { inPasses } from "../sync/passes.ts";
import { readForPlan } from "../sync/plan-input.ts";
import { writeGroups } from "../sync/write.ts";
import { sentences } from "./alike.ts";
import type { BackfillContext, Problems } from "./context.ts";

/** One object of a listing with everything that it relates to; the object itself comes first. */
export type Item = readonly SourceObject[];

export interface Reconciled {
  /** Positions of the items whose own entity was written. */
  readonly written: ReadonlySet<number>;
  /** Those of them that were there before: somebody else may have written between our reading and our writing. */
  readonly overwritten: ReadonlySet<number>;
  /** The entities that the mapping makes of the items' own objects, with the items' positions. */
  readonly keys: ReadonlyMap<EntityKey, number>;
  readonly problems: Problems;
}

/**
 * Brings Port up to what Bitbucket's listing shows: map, read, confirm, plan, apply, in bulk.
 * Port is read after the listing and right before the write, so that an event that came meanwhile is seen.
 * @throws AbortError when the time is up
 * @param makeItem gives the item at a position; `order` has to be its sources' number
 */
export async function reconcile(
  size: number,
  makeItem: (order: number) => Item,
  context: BackfillContext,
): Promise<Reconciled> {
  const items = Array.from({ length: size }, (_, order) => makeItem(order));
  const written = new Set<number>();
  const overwritten = new Set<number>();
  const keys = new Map<EntityKey, number>();
  const outcomes = await inPasses(size, async ({ pending, collector, createMissing }) => {
    const sources = pending.flatMap((index) => items[index] ?? []);
    const groups = groupByEntity(await mapSources(sources, collector, context));
    for (const { key, best } of groups) if (best.intent === "write") keys.set(key, best.sources[0] ?? 0);
    const input = await confirm(await readForPlan(groups, context), collector, context);
    const done = await writeGroups(input, { createMissing, collector, context, counts: context.counts });
    for (const { group, wasThere } of done.written) {
      if (group.best.intent === "ensure") continue;
      for (const source of group.best.sources) {
        written.add(source);
        if (wasThere || input.existing.has(group.key)) overwritten.add(source);
      }
      if (wasThere || input.existing.has(group.key)) context.onRewrite?.(group.best);
    }
    return done.targetsMissing;
  });

  // Whatever comes next would be given up as well.
  if (outcomes.some((outcome) => outcome.type === "retry" && outcome.reason === outOfTime)) {
    throw new DOMException(outOfTime, "AbortError");
  }
  const failed = new Map<string, string[]>();
  for (const [index, outcome] of outcomes.entries()) {
    const own = items[index]?.[0];
    if (outcome.type === "done" || own === undefined) continue;
    context.counts[own.kind].failed++;
    const object = own.address === undefined ? own.kind : addressName(own.address);
    const reason = "reason" in outcome ? outcome.reason : outcome.type;
    log("warn", "object not reconciled", { object, reason });
    if (outcome.type === "retry" && context.onRetry !== undefined) {
      context.onRetry(outcome.retryAfterMs, own.address);
    } else {
      failed.set(reason, [...(failed.get(reason) ?? []), object]);
    }
  }
  return { written, overwritten, keys, problems: sentences(failed) };
}
