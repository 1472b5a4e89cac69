import type { DemoSizes } from "../../infra/local/simulators/bitbucket/server.ts";
import type { Seen } from "./simulators.ts";

export const sizes = { projects: 5, repositoriesPerProject: 20, pullRequestsPerRepository: 40, users: 60 };
/** For the baseline, which would take minutes otherwise: the same but for a tenth of the repositories and users. */
export const tenth = { ...sizes, repositoriesPerProject: 2, users: 6 };

/** How many entities are missing or too many: each object has one of its own, and there are no others. */
export function wrongEntities({ entities }: Seen): number {
  const { projects, users } = sizes;
  const repositories = projects * sizes.repositoriesPerProject;
  const expected = {
    bitbucketUser: users,
    bitbucketProject: projects,
    bitbucketRepository: repositories,
    bitbucketPullrequest: repositories * sizes.pullRequestsPerRepository,
  };
  return Object.entries(expected).reduce(
    (sum, [blueprint, count]) => sum + Math.abs((entities[blueprint] ?? 0) - count),
    0,
  );
}

export function objectsIn({
  projects,
  repositoriesPerProject,
  pullRequestsPerRepository,
  users,
}: Required<DemoSizes>): number {
  return users + projects * (1 + repositoriesPerProject * (1 + pullRequestsPerRepository));
}
