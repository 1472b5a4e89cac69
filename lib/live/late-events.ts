import { describeError, log } from "../aws/log.ts";
import { keyOf } from "../port/entity.ts";
import type { Candidate, Contest } from "../sync/candidate.ts";
import type { LiveContext, LiveEvent } from "../sync/context.ts";
import { isRefused } from "../sync/enrich.ts";
import { mapSources } from "../sync/map.ts";
import { failureFrom, type Ledger } from "../sync/outcomes.ts";
import type { PlanInput } from "../sync/plan-input.ts";

const defaultLateAfterMs = 15 * 60_000;

/**
 * Checks late events (after an outage, or redriven from the dead-letter queue) against Bitbucket, where nothing in Port
 * would show that they were overtaken: before something is created that may be gone by now, and before a repository or
 * project, which carry no date of their last change, is overwritten. Bitbucket's present state is then taken instead.
 */
export async function confirmLate(
  input: PlanInput,
  events: readonly LiveEvent[],
  ledger: Ledger,
  context: LiveContext,
): Promise<PlanInput> {
  const lateSince = Date.now() - (context.lateAfterMs ?? defaultLateAfterMs);
  const isLate = ({ sources }: Candidate) =>
    sources.every((source) => (events[source]?.acceptedAt ?? Number.POSITIVE_INFINITY) < lateSince);
  const confirmed = await Promise.all(
    input.contests.map(async (contest) => {
      const doubtful = isLate(contest.winner) && needsWord(contest, input, context);
      return doubtful ? await askBitbucket(contest, ledger, context) : [contest];
    }),
  );
  return { ...input, contests: confirmed.flat() };
}

function needsWord({ key, winner }: Contest, { existing }: PlanInput, { memory }: LiveContext): boolean {
  if (winner.address === undefined) return false;
  if (winner.intent === "write" && winner.kind !== "pull-request") return true;
  return !existing.has(key) && !memory.exists(key);
}

async function askBitbucket(contest: Contest, ledger: Ledger, context: LiveContext): Promise<Contest[]> {
  const { winner, losers } = contest;
  const { bitbucket, mapper } = context;
  if (bitbucket === undefined || winner.address === undefined) return [contest];
  try {
    const object = await bitbucket.object(winner.address);
    if (object === undefined) {
      log("info", "late event of an object that is gone", { kind: winner.kind });
      return [];
    }
    const { candidates } = mapSources(mapper, [{ ...winner, address: winner.address, object }]);
    const current = candidates.find((candidate) => keyOf(candidate.entity) === contest.key);
    return current === undefined ? [] : [{ ...contest, winner: current }];
  } catch (error) {
    if (isRefused(error)) {
      log("warn", "late event taken at its word: Bitbucket does not let us look", describeError(error));
      return [contest];
    }
    for (const candidate of [winner, ...losers]) ledger.fail(candidate.sources, failureFrom(error));
    return [];
  }
}
