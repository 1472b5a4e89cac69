import { type Candidate, compareVersions } from "./candidate.ts";
import type { CandidateGroup } from "./candidate-group.ts";
import type { SyncContext } from "./context.ts";
import { differs } from "./difference.ts";
import { type Decision, decide } from "./plan.ts";
import type { PlanInput } from "./plan-input.ts";
import { targetKeys } from "./relations.ts";

/** What to do about the best candidate of an entity, with what was read and what is remembered. */
export function decideGroup(
  { key, best, others }: CandidateGroup,
  { existing, present }: PlanInput,
  { memory, targetOf }: Pick<SyncContext, "memory" | "targetOf">,
): Decision {
  const there = existing.get(key) ?? (present.has(key) ? best.entity : undefined);
  const targets = targetKeys(best.entity, targetOf).map(memory.recall);
  const decision = decide(best, there, {
    remembered: memory.recall(key),
    targets: targets.filter((it) => it !== undefined),
    now: Date.now(),
  });
  const settles = decision === "update" || decision === "unchanged";
  return settles && others.some((other) => isTied(best, other)) ? "ask" : decision;
}

/** Nothing but the order of arrival says which of two events' states is the newer one: that proves nothing. */
function isTied(best: Candidate, other: Candidate): boolean {
  const isHeard = ({ intent, version }: Candidate) =>
    intent === "write" && (version.proof ?? "event") === "event";
  if (!isHeard(best) || !isHeard(other)) return false;
  const isSameAge = compareVersions({ ...best.version, order: 0 }, { ...other.version, order: 0 }) === 0;
  return isSameAge && differs(other.entity, best.entity);
}

/**
 * The group with the candidate that decides over its entity: where the best one is older than what is there, a push
 * that came with it still brings README and the like.
 */
export function effective(
  group: CandidateGroup,
  input: PlanInput,
  context: Pick<SyncContext, "memory" | "targetOf">,
): { readonly group: CandidateGroup; readonly decision: Decision } {
  const decision = decideGroup(group, input, context);
  const refresh = group.others.find(({ intent }) => intent === "refresh");
  if (decision !== "older" || refresh === undefined) return { group, decision };
  const second = { ...group, best: refresh };
  return { group: second, decision: decideGroup(second, input, context) };
}
