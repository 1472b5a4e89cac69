import { branch } from "./building.ts";
import type { PullRequest, Repository } from "./model.ts";
import { participant, repository, user, type Workshop } from "./mutation-support.ts";

export type NewPullRequest = {
  readonly title?: string;
  readonly description?: string;
  /** A user's slug; unless given, the first user's. */
  readonly author?: string;
  /** Users' slugs. */
  readonly reviewers?: readonly string[];
  readonly fromBranch?: string;
  readonly toBranch?: string;
  /** Where the branch comes from, when it is a fork: key and slug. */
  readonly from?: readonly [key: string, slug: string];
};

/** Numbers are never given twice, not even those of deleted pull requests. */
const numbers = new WeakMap<Repository, number>();

/** A new pull request, not yet in its repository. */
export function opened(workshop: Workshop, target: Repository, values: NewPullRequest): PullRequest {
  const id = Math.max(numbers.get(target) ?? 0, ...[...target.pullRequests.keys()].slice(-1)) + 1;
  numbers.set(target, id);
  const source = values.from === undefined ? target : repository(workshop, ...values.from);
  const at = workshop.tick();
  const [first] = workshop.data.users;
  const author = values.author ?? first?.slug ?? "";
  return {
    id,
    version: 0,
    title: values.title ?? `Change ${id}`,
    ...(values.description === undefined ? {} : { description: values.description }),
    state: "OPEN",
    createdDate: at,
    updatedDate: at,
    fromRef: branch(source, values.fromBranch ?? `feature/${id}`),
    toRef: branch(target, values.toBranch ?? target.defaultBranch),
    author: participant(user(workshop, author), "AUTHOR"),
    reviewers: (values.reviewers ?? []).map((slug) => participant(user(workshop, slug), "REVIEWER")),
    participants: [],
  };
}
