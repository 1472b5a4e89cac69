import type { PullRequest } from "../../infra/local/simulators/bitbucket/server.ts";
import { type Change, nameOf, pullRequests, repositories, type Stage, somebody, toOneOf } from "./stage.ts";

const open = (stage: Stage) => pullRequests(stage).filter(({ state }) => state === "OPEN");

/** One event about one pull request. */
function toOpen(
  what: string,
  change: (pull: PullRequest, stage: Stage) => ReturnType<Stage["bitbucket"]["comment"]>,
) {
  return toOneOf(open, (pull, stage) => {
    const name = nameOf(pull);
    stage.happened(`${name.join("/")} ${what}`, change(pull, stage));
  });
}

export const openPullRequest: Change = toOneOf(repositories, (repository, stage) => {
  const { bitbucket, random } = stage;
  const key = repository.project.key;
  const payload = bitbucket.createPullRequest(key, repository.slug, {
    title: stage.fresh("pull request"),
    ...(random.chance(0.7) ? { description: stage.fresh("because") } : {}),
    author: somebody(stage).slug,
    reviewers: random.some(bitbucket.data.users, random.below(3)).map(({ slug }) => slug),
    fromBranch: stage.fresh("feature"),
  });
  stage.happened(`${key}/${repository.slug}: a pull request is opened`, payload);
});

export const editTitle = toOpen("gets a title", (pull, stage) =>
  stage.bitbucket.updatePullRequest(nameOf(pull), { title: stage.fresh("title") }),
);

export const editDescription = toOpen("gets a description", (pull, stage) =>
  stage.bitbucket.updatePullRequest(nameOf(pull), { description: stage.fresh("description") }),
);

export const retarget = toOpen("gets a target", (pull, stage) =>
  stage.bitbucket.updatePullRequest(nameOf(pull), { toBranch: stage.fresh("release") }),
);

export const pushToBranch = toOpen("is pushed to", (pull, stage) =>
  stage.bitbucket.pushToPullRequest(nameOf(pull)),
);

export const setReviewers = toOpen("gets reviewers", (pull, stage) => {
  const { data } = stage.bitbucket;
  const slugs = stage.random.some(data.users, stage.random.below(4)).map(({ slug }) => slug);
  return stage.bitbucket.setReviewers(nameOf(pull), slugs);
});

export const review = toOpen("is reviewed", (pull, stage) => {
  const status = stage.random.pick(["APPROVED", "NEEDS_WORK", "UNAPPROVED"] as const);
  return stage.bitbucket.review(nameOf(pull), somebody(stage).slug, status);
});

export const comment = toOpen("is commented on", (pull, stage) =>
  stage.bitbucket.comment(nameOf(pull), somebody(stage).slug, "why?"),
);

export const merge = toOpen("is merged", (pull, stage) => stage.bitbucket.mergePullRequest(nameOf(pull)));
export const decline = toOpen("is declined", (pull, stage) =>
  stage.bitbucket.declinePullRequest(nameOf(pull)),
);

export const deletePullRequest: Change = toOneOf(pullRequests, (pull, stage) => {
  const name = nameOf(pull);
  stage.happened(`${name.join("/")} is deleted`, stage.bitbucket.deletePullRequest(name));
});
