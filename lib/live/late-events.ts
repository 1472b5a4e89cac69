import { describeError, log } from "../aws/log.ts";
import { keyOf } from "../port/entity.ts";
import type { Candidate, CandidateGroup } from "../sync/candidate.ts";
import { isRefused } from "../sync/enrich.ts";
import { mapSources } from "../sync/map.ts";
import { failureFrom, type OutcomeCollector } from "../sync/outcomes.ts";
import type { PlanInput } from "../sync/plan-input.ts";
import type { LiveContext, LiveEvent } from "./context.ts";

const defaultLateAfterMs = 15 * 60_000;

/**
 * Checks late events (after an outage, or redriven from the dead-letter queue) against Bitbucket, where nothing in Port
 * would show that they were overtaken: before something is created that may be gone by now, and before a repository or
 * project, which carry no date of their last change, is overwritten. Bitbucket's present state is then taken instead.
 */
export async function confirmLate(
  input: PlanInput,
  events: readonly LiveEvent[],
  collector: OutcomeCollector,
  context: LiveContext,
): Promise<PlanInput> {
  const lateSince = Date.now() - (context.lateAfterMs ?? defaultLateAfterMs);
  const isLate = ({ sources }: Candidate) =>
    sources.every((source) => (events[source]?.acceptedAt ?? Number.POSITIVE_INFINITY) < lateSince);
  const confirmed = await Promise.all(
    input.groups.map(async (group) => {
      const doubtful = isLate(group.best) && needsWord(group, input, context);
      return doubtful ? await askBitbucket(group, collector, context) : [group];
    }),
  );
  return { ...input, groups: confirmed.flat() };
}

function needsWord({ key, best }: CandidateGroup, { existing }: PlanInput, { memory }: LiveContext): boolean {
  if (best.address === undefined) return false;
  if (best.intent === "write" && best.kind !== "pull-request") return true;
  return !existing.has(key) && !memory.exists(key);
}

async function askBitbucket(
  group: CandidateGroup,
  collector: OutcomeCollector,
  context: LiveContext,
): Promise<CandidateGroup[]> {
  const { best, others } = group;
  const { bitbucket, mapper } = context;
  if (bitbucket === undefined || best.address === undefined) return [group];
  try {
    const object = await bitbucket.object(best.address);
    if (object === undefined) {
      log("info", "late event of an object that is gone", { kind: best.kind });
      return [];
    }
    const { candidates } = mapSources(mapper, [{ ...best, address: best.address, object }]);
    const current = candidates.find((candidate) => keyOf(candidate.entity) === group.key);
    return current === undefined ? [] : [{ ...group, best: current }];
  } catch (error) {
    if (isRefused(error)) {
      log("warn", "late event taken at its word: Bitbucket does not let us look", describeError(error));
      return [group];
    }
    for (const candidate of [best, ...others]) collector.fail(candidate.sources, failureFrom(error));
    return [];
  }
}
