import { log } from "../aws/log.ts";
import { addressName } from "../bitbucket/address.ts";
import { type EntityKey, keyOf } from "../port/entity.ts";
import type { UpsertResult } from "../port/upsert-answer.ts";
import type { CandidateGroup } from "./candidate-group.ts";
import type { SyncContext } from "./context.ts";
import { refusalOf } from "./refused.ts";
import { targetKeys } from "./relations.ts";
import type { WriteRun } from "./write-run.ts";

/** Notes what became of a write. True when it failed for a relation whose target is not there. */
export function recordResult(
  group: CandidateGroup,
  result: UpsertResult,
  refused: Set<EntityKey>,
  { context, collector, counts, createMissing }: WriteRun,
): boolean {
  const { key, best, others } = group;
  const otherSources = others.flatMap((other) => other.sources);
  if (result.ok) {
    context.memory.found(key);
    remember(group, context);
    return false;
  }
  if (result.status === 404 && !createMissing) {
    for (const target of targetKeys(best.entity, context.targetOf)) context.memory.forget(target);
    collector.again([...best.sources, ...otherSources]);
    return true;
  }
  const failure = refusalOf(result, best.entity, context.model);
  if (failure.permanent && best.intent === "ensure") {
    // It only had to be there for others' sake: it is named, and they do without it.
    refused.add(key);
    counts[best.kind].failed++;
    log("error", "Port refuses an entity that others relate to: they are written without it", {
      blueprint: best.entity.blueprint,
      object: best.address === undefined ? best.kind : addressName(best.address),
      reason: failure.reason,
    });
    return false;
  }
  collector.fail(best.sources, failure);
  if (failure.permanent) collector.again(otherSources);
  else collector.fail(otherSources, failure);
  return false;
}

/** Remembers what Port shows for an entity now. */
export function remember({ best }: CandidateGroup, { memory }: SyncContext): void {
  // Whatever comes later and is as new counts as newer. An object that was merely mentioned says nothing of its age.
  const version = best.intent === "write" ? { ...best.version, order: -1 } : { order: -1 };
  const key = keyOf(best.entity);
  // A push says nothing of the age of the rest.
  if (best.intent === "write" || memory.recall(key) === undefined) memory.remember(key, { version });
}
