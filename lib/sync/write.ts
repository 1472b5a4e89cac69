import type { EntityKey } from "../port/entity.ts";
import type { CandidateGroup } from "./candidate-group.ts";
import { effective } from "./decide-group.ts";
import { payloadOf } from "./payload.ts";
import type { PlanInput } from "./plan-input.ts";
import { recordResult, remember } from "./record-result.ts";
import { withoutDangling } from "./relations.ts";
import { upsertByBlueprint } from "./upsert.ts";
import type { WriteRun } from "./write-run.ts";

/** A group that was written. */
export interface WrittenGroup {
  readonly group: CandidateGroup;
  /** It was to be created, and somebody else had done so meanwhile. */
  readonly wasThere: boolean;
}

export interface Written {
  readonly written: readonly WrittenGroup[];
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
export async function writeGroups(input: PlanInput, run: WriteRun): Promise<Written> {
  const written: WrittenGroup[] = [];
  const refused = new Set<EntityKey>();
  let targetsMissing = false;

  for (const phase of phases) {
    const own = input.groups.filter(({ best }) => phase.includes(best.kind));
    const due = own.flatMap((group) => planned(group, input, refused, run));
    const entities = due.map(({ group }) => payloadOf(group.best, input.existing.get(group.key)));
    const results = await upsertByBlueprint(run.context.port, entities, run.createMissing);
    for (const [index, { group, decision }] of due.entries()) {
      const result = results[index];
      if (result === undefined) continue;
      if (recordResult(group, result, refused, run)) {
        targetsMissing = true;
        forgetTogether(group, input, run);
      }
      if (!result.ok) continue;
      const { kind, entity } = group.best;
      run.counts[kind][decision === "create" ? "created" : "updated"]++;
      run.context.report?.(decision === "create" ? "created" : "updated", kind, entity.identifier);
      written.push({ group, wasThere: decision === "create" && !result.created });
    }
  }
  return { written, targetsMissing };
}

/** What is due for a group; notes what is not. */
function planned(
  given: CandidateGroup,
  input: PlanInput,
  refused: ReadonlySet<EntityKey>,
  { collector, context, counts }: WriteRun,
): Due[] {
  if (given.best.sources.every((source) => collector.failed(source))) {
    for (const other of given.others) collector.again(other.sources);
    return [];
  }
  const { group, decision } = effective(given, input, context);
  const { best } = group;
  if (decision === "unchanged") {
    counts[best.kind].unchanged++;
    remember(group, context);
  }
  if (decision === "older") counts[best.kind].older++;
  if (decision !== "create" && decision !== "update") return [];
  // What Port refused is no reason to refuse what relates to it.
  const entity = withoutDangling(best.entity, refused, context.targetOf);
  return [{ group: { ...group, best: { ...best, entity } }, decision }];
}

/** Where one thing is missing that was thought to be there, so may be what it relates to in turn. */
function forgetTogether({ best }: CandidateGroup, { groups }: PlanInput, { context }: WriteRun): void {
  const own = new Set(best.sources);
  for (const group of groups) {
    if (group.best.sources.some((source) => own.has(source))) context.memory.forget(group.key);
  }
}
