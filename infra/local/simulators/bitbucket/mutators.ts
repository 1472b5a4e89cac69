import type { Workshop } from "./mutation-support.ts";
import { type PullRequestMutators, pullRequestMutators } from "./pull-request-mutators.ts";
import { type RepositoryMutators, repositoryMutators } from "./repository-mutators.ts";

/** Everything that can happen to a simulated Bitbucket. */
export type Mutators = PullRequestMutators & RepositoryMutators;

export function mutators(workshop: Workshop): Mutators {
  return { ...pullRequestMutators(workshop), ...repositoryMutators(workshop) };
}
