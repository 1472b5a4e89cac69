import { keyOf } from "../port/entity.ts";
import type { UpsertResult } from "../port/upsert-answer.ts";
import type { CandidateGroup } from "./candidate.ts";
import type { SyncContext } from "./context.ts";
import type { Counts } from "./counts.ts";
import { failureOf, type OutcomeCollector } from "./outcomes.ts";
import { decide, payloadOf } from "./plan.ts";
import type { PlanInput } from "./plan-input.ts";
import { targetKeys } from "./relations.ts";
import { upsertAll } from "./upsert.ts";

export interface WriteRun {
  /** Makes bare entities for relations that still lead nowhere. */
  readonly createMissing: boolean;
  readonly collector: OutcomeCollector;
  readonly context: SyncContext;
  readonly counts: Counts;
}

export interface Written {
  /** Messages whose own state was older than what is there. */
  readonly outdated: ReadonlySet<number>;
  /** Messages whose own state was written. */
  readonly written: ReadonlySet<number>;
  /** A relation's target was not there, though it was thought to be. */
  readonly targetsMissing: boolean;
}

interface Due {
  readonly group: CandidateGroup;
  readonly decision: "create" | "update";
}

/** Kinds that can be written side by side, after all that they depend on. */
const phases = [["user", "project"], ["repository"], ["pull-request"]];

/** Plans each group and writes what has to be written, what others depend on first. */
export async function writeGroups({ groups, existing, present }: PlanInput, run: WriteRun): Promise<Written> {
  const { collector, context, counts } = run;
  const outdated = new Set<number>();
  const written = new Set<number>();
  let targetsMissing = false;

  for (const phase of phases) {
    const due: Due[] = [];
    for (const group of groups.filter(({ best }) => phase.includes(best.kind))) {
      const { key, best, others } = group;
      if (best.sources.every((source) => collector.failed(source))) {
        for (const other of others) collector.again(other.sources);
        continue;
      }
      const there = existing.get(key) ?? (present.has(key) ? best.entity : undefined);
      const targets = targetKeys(best.entity, context.targetOf).map(context.memory.recall);
      const related = targets.filter((it) => it !== undefined);
      const decision = decide(best, there, context.memory.recall(key), related);
      if (decision === "create" || decision === "update") due.push({ group, decision });
      if (decision === "unchanged") counts[best.kind].unchanged++;
      if (decision === "older") counts[best.kind].older++;
      if (decision === "older" && best.intent === "write") for (const it of best.sources) outdated.add(it);
      if (decision === "unchanged") remember(group, context);
    }
    const results = await upsertByBlueprint(
      due.map(({ group }) => group),
      existing,
      run,
    );
    for (const [index, { group, decision }] of due.entries()) {
      const result = results[index];
      if (result === undefined) continue;
      targetsMissing = recordResult(group, result, run) || targetsMissing;
      if (!result.ok) continue;
      const { kind, intent, sources, entity } = group.best;
      counts[kind][decision === "create" ? "created" : "updated"]++;
      context.report?.(decision === "create" ? "created" : "updated", kind, entity.identifier);
      if (intent !== "ensure") for (const source of sources) written.add(source);
    }
  }
  return { outdated, written, targetsMissing };
}

async function upsertByBlueprint(
  due: readonly CandidateGroup[],
  existing: PlanInput["existing"],
  { context, createMissing }: WriteRun,
): Promise<UpsertResult[]> {
  const results = new Map<CandidateGroup, UpsertResult>();
  const byBlueprint = Map.groupBy(due, ({ best }) => best.entity.blueprint);
  await Promise.all(
    [...byBlueprint.values()].map(async (own) => {
      const entities = own.map(({ key, best }) => payloadOf(best, existing.get(key)));
      const answers = await upsertAll(context.port, entities, createMissing);
      for (const [index, group] of own.entries()) {
        const answer = answers[index];
        if (answer !== undefined) results.set(group, answer);
      }
    }),
  );
  return due.map((group) => results.get(group) ?? { ok: false, status: undefined, code: "no_answer" });
}

/** Notes what became of a write. True when it failed for a relation whose target is not there. */
function recordResult(
  group: CandidateGroup,
  result: UpsertResult,
  { context, collector, createMissing }: WriteRun,
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
  const failure = failureOf(result);
  collector.fail(best.sources, failure);
  if (failure.permanent) collector.again(otherSources);
  else collector.fail(otherSources, failure);
  return false;
}

function remember({ best }: CandidateGroup, { memory }: SyncContext): void {
  // Whatever comes later and is as new counts as newer. An object that was merely mentioned says nothing of its age.
  const version = best.intent === "write" ? { ...best.version, order: -1 } : { order: -1 };
  memory.remember(keyOf(best.entity), { version });
}
