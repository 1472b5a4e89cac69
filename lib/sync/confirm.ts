import { describeError, log } from "../aws/log.ts";
import { type Address, addressName } from "../bitbucket/address.ts";
import type { BitbucketClient } from "../bitbucket/client.ts";
import type { Whereabouts } from "../bitbucket/whereabouts.ts";
import { mayPass, type RequestError } from "../errors.ts";
import type { Candidate } from "./candidate.ts";
import { type CandidateGroup, groupByEntity } from "./candidate-group.ts";
import type { SyncContext } from "./context.ts";
import { decideGroup } from "./decide-group.ts";
import { mapSources } from "./map-sources.ts";
import { observeObject } from "./observe.ts";
import { failureFrom, type OutcomeCollector } from "./outcomes.ts";
import { type PlanInput, readForPlan } from "./plan-input.ts";

/** A pull request shows its repository and project, a repository its project: the first answers may save the later ones. */
const phases = ["pull-request", "repository", "project"] as const;

/**
 * Asks Bitbucket for every object of which the plan cannot tell what is true: whether it is still there, or which state
 * is the newer one. One question an object, whatever the number of events about it. What is there replaces what was
 * heard, with everything that it relates to; what is not there (any more) leaves the plan.
 *
 * When Bitbucket cannot tell for now, the sources fail for now. When it does not let us look, or is not configured, the
 * candidates are taken at their word.
 */
export async function confirm(
  input: PlanInput,
  collector: OutcomeCollector,
  context: SyncContext,
): Promise<PlanInput> {
  const { bitbucket } = context;
  if (bitbucket === undefined) return atTheirWord(input, () => true);
  let current = input;
  for (const phase of phases) {
    const doubtful = current.groups.filter(
      (group) => group.best.kind === phase && decideGroup(group, current, context) === "ask",
    );
    if (doubtful.length > 0) current = await askFor(doubtful, current, bitbucket, collector, context);
  }
  return current;
}

interface Asked {
  readonly group: CandidateGroup;
  readonly address: Address;
  readonly answer: Whereabouts;
}

async function askFor(
  doubtful: readonly CandidateGroup[],
  input: PlanInput,
  bitbucket: BitbucketClient,
  collector: OutcomeCollector,
  context: SyncContext,
): Promise<PlanInput> {
  const answers = await askOnce(doubtful, bitbucket);
  const settled = new Set<CandidateGroup>();
  const unasked = new Set<CandidateGroup>();
  const seen: Candidate[] = [];
  for (const { group, address, answer } of answers) {
    switch (answer.is) {
      case "here": {
        settled.add(group);
        const sources = sourcesOf(group);
        const version = { order: sources[0] ?? 0, proof: "asked", at: answer.at } as const;
        const observed = observeObject(address, answer.object, version, sources);
        const mapped = await mapSources(observed, collector, context);
        seen.push(...mapped, ...[group.best, ...group.others].filter(({ intent }) => intent === "refresh"));
        break;
      }
      case "elsewhere":
      case "gone":
        // Of a Bitbucket that was never asked about: whoever plays an event of long ago back wants to see it.
        if (answer.is === "gone" && answer.what === "project" && group.best.version.byHand) {
          unasked.add(group);
          break;
        }
        settled.add(group);
        log("info", "not written: the object is not there any more", {
          object: addressName(address),
          whereabouts: answer.is,
        });
        break;
      case "unknown":
        if (mayPass(answer.error) && !(await isBroken(group, address, answer.error, bitbucket))) {
          settled.add(group);
          collector.fail(sourcesOf(group), failureFrom(answer.error));
        } else {
          unasked.add(group);
          log("warn", "taken at its word: Bitbucket does not let us look", {
            object: addressName(address),
            ...describeError(answer.error),
          });
        }
    }
  }
  const rest = input.groups.filter((group) => !settled.has(group));
  const groups = groupByEntity([...rest.flatMap(({ best, others }) => [best, ...others]), ...seen]);
  const unaskedKeys = new Set([...unasked].map(({ key }) => key));
  return readForPlan(
    atTheirWord({ ...input, groups }, ({ key }) => unaskedKeys.has(key)).groups,
    context,
    input,
  );
}

/** From this delivery on, some hours after the first, an object that cannot be read is taken for broken. */
const brokenFrom = 20;

/** Bitbucket is well, and its project is there, but this object cannot be read, and will not be. */
async function isBroken(
  { best }: CandidateGroup,
  { key }: Address,
  { failure }: RequestError,
  bitbucket: BitbucketClient,
): Promise<boolean> {
  const { status = 0 } = failure;
  if (status < 500 || (best.version.deliveries ?? 1) < brokenFrom) return false;
  return (await bitbucket.find({ kind: "project", key })).is === "here";
}

/** Several entities may stand for one object. */
async function askOnce(groups: readonly CandidateGroup[], bitbucket: BitbucketClient): Promise<Asked[]> {
  const questions = new Map<string, Promise<Whereabouts>>();
  return Promise.all(
    groups.flatMap((group) => {
      const { address } = group.best;
      if (address === undefined) return [];
      const name = addressName(address);
      const question = questions.get(name) ?? bitbucket.find(address);
      questions.set(name, question);
      return [question.then((answer) => ({ group, address, answer }))];
    }),
  );
}

function atTheirWord(input: PlanInput, isMeant: (group: CandidateGroup) => boolean): PlanInput {
  const word = (candidate: Candidate): Candidate =>
    (candidate.version.proof ?? "event") === "event"
      ? { ...candidate, version: { ...candidate.version, proof: "word" } }
      : candidate;
  const groups = input.groups.map((group) =>
    isMeant(group) ? { ...group, best: word(group.best), others: group.others.map(word) } : group,
  );
  return { ...input, groups };
}

function sourcesOf({ best, others }: CandidateGroup): number[] {
  return [...new Set([best, ...others].flatMap(({ sources }) => sources))];
}
