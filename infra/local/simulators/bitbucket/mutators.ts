import { type ContentMutators, contentMutators } from "./content-mutators.ts";
import type { Workshop } from "./mutation-support.ts";
import { type ProjectMutators, projectMutators } from "./project-mutators.ts";
import { type PullRequestMutators, pullRequestMutators } from "./pull-request-mutators.ts";
import { type RepositoryMutators, repositoryMutators } from "./repository-mutators.ts";
import { type UserMutators, userMutators } from "./user-mutators.ts";

/** Everything that can happen to a simulated Bitbucket. */
export type Mutators = ContentMutators &
  ProjectMutators &
  PullRequestMutators &
  RepositoryMutators &
  UserMutators;

export function mutators(workshop: Workshop): Mutators {
  return {
    ...contentMutators(workshop),
    ...projectMutators(workshop),
    ...pullRequestMutators(workshop),
    ...repositoryMutators(workshop),
    ...userMutators(workshop),
  };
}
