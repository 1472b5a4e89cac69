import { keyOf } from "../port/entity.ts";
import type { UpsertResult } from "../port/upsert-answer.ts";
import type { Contest } from "./candidate.ts";
import type { SyncContext } from "./context.ts";
import type { Counts } from "./counts.ts";
import { failureOf, type Ledger } from "./outcomes.ts";
import { decide, payloadOf } from "./plan.ts";
import type { PlanInput } from "./plan-input.ts";
import { targetKeys } from "./relations.ts";
import { upsertAll } from "./upsert.ts";

export interface WriteRun {
  /** Makes bare entities for relations that still lead nowhere. */
  readonly createMissing: boolean;
  readonly ledger: Ledger;
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
  readonly contest: Contest;
  readonly decision: "create" | "update";
}

/** Kinds that can be written side by side, after all that they depend on. */
const phases = [["user", "project"], ["repository"], ["pull-request"]];

/** Plans each contest and writes what has to be written, what others depend on first. */
export async function writeContests(
  { contests, existing, present }: PlanInput,
  run: WriteRun,
): Promise<Written> {
  const { ledger, context, counts } = run;
  const outdated = new Set<number>();
  const written = new Set<number>();
  let targetsMissing = false;

  for (const phase of phases) {
    const due: Due[] = [];
    for (const contest of contests.filter(({ winner }) => phase.includes(winner.kind))) {
      const { key, winner, losers } = contest;
      if (winner.sources.every((source) => ledger.failed(source))) {
        for (const loser of losers) ledger.again(loser.sources);
        continue;
      }
      const there = existing.get(key) ?? (present.has(key) ? winner.entity : undefined);
      const targets = targetKeys(winner.entity, context.targetOf).map(context.memory.recall);
      const related = targets.filter((it) => it !== undefined);
      const decision = decide(winner, there, context.memory.recall(key), related);
      if (decision === "create" || decision === "update") due.push({ contest, decision });
      if (decision === "unchanged") counts[winner.kind].unchanged++;
      if (decision === "older") counts[winner.kind].older++;
      if (decision === "older" && winner.intent === "write")
        for (const it of winner.sources) outdated.add(it);
      if (decision === "unchanged") remember(contest, context);
    }
    const results = await upsertByBlueprint(
      due.map(({ contest }) => contest),
      existing,
      run,
    );
    for (const [index, { contest, decision }] of due.entries()) {
      const result = results[index];
      if (result === undefined) continue;
      targetsMissing = settle(contest, result, run) || targetsMissing;
      if (!result.ok) continue;
      const { kind, intent, sources, entity } = contest.winner;
      counts[kind][decision === "create" ? "created" : "updated"]++;
      context.report?.(decision === "create" ? "created" : "updated", kind, entity.identifier);
      if (intent !== "ensure") for (const source of sources) written.add(source);
    }
  }
  return { outdated, written, targetsMissing };
}

async function upsertByBlueprint(
  due: readonly Contest[],
  existing: PlanInput["existing"],
  { context, createMissing }: WriteRun,
): Promise<UpsertResult[]> {
  const results = new Map<Contest, UpsertResult>();
  const groups = Map.groupBy(due, ({ winner }) => winner.entity.blueprint);
  await Promise.all(
    [...groups.values()].map(async (group) => {
      const entities = group.map(({ key, winner }) => payloadOf(winner, existing.get(key)));
      const answers = await upsertAll(context.port, entities, createMissing);
      for (const [index, contest] of group.entries()) {
        const answer = answers[index];
        if (answer !== undefined) results.set(contest, answer);
      }
    }),
  );
  return due.map((contest) => results.get(contest) ?? { ok: false, status: undefined, code: "no_answer" });
}

/** Notes what became of a write. True when it failed for a relation whose target is not there. */
function settle(
  contest: Contest,
  result: UpsertResult,
  { context, ledger, createMissing }: WriteRun,
): boolean {
  const { key, winner, losers } = contest;
  const loserSources = losers.flatMap((loser) => loser.sources);
  if (result.ok) {
    context.memory.found(key);
    remember(contest, context);
    return false;
  }
  if (result.status === 404 && !createMissing) {
    for (const target of targetKeys(winner.entity, context.targetOf)) context.memory.forget(target);
    ledger.again([...winner.sources, ...loserSources]);
    return true;
  }
  const failure = failureOf(result);
  ledger.fail(winner.sources, failure);
  if (failure.permanent) ledger.again(loserSources);
  else ledger.fail(loserSources, failure);
  return false;
}

function remember({ winner }: Contest, { memory }: SyncContext): void {
  // Whatever comes later and is as new counts as newer. An object that was merely mentioned says nothing of its age.
  const version = winner.intent === "write" ? { ...winner.version, order: -1 } : { order: -1 };
  memory.remember(keyOf(winner.entity), { version });
}
