import { branch, hash } from "./building.ts";
import { participantJson, pullRequestJson, userJson, type WebhookPayload } from "./json.ts";
import type { Participant, PullRequest } from "./model.ts";
import {
  type PullRequestName,
  participant,
  payload,
  pullRequest,
  repository,
  user,
  type Workshop,
} from "./mutation-support.ts";
import { type NewPullRequest, opened } from "./opening.ts";

export type { NewPullRequest } from "./opening.ts";

export type PullRequestChange = {
  readonly title?: string;
  readonly description?: string;
  readonly toBranch?: string;
};
export type PullRequestMutators = ReturnType<typeof pullRequestMutators>;

/** Changes to pull requests. Each returns what Bitbucket would send to a webhook. */
export function pullRequestMutators(workshop: Workshop) {
  const json = (pull: PullRequest) => pullRequestJson(pull, workshop.style());

  /** When a review or a comment happened; whether it is an update of the pull request is a matter of settings. */
  function beside(pull: PullRequest): number {
    return workshop.reviewsUpdate ? touch(pull, false) : workshop.tick();
  }

  /** An edit raises the version, as a push does not; each is an update. */
  function touch(pull: PullRequest, edit: boolean): number {
    if (edit) pull.version++;
    pull.updatedDate = workshop.tick();
    return pull.updatedDate;
  }

  function close(name: PullRequestName, state: "MERGED" | "DECLINED", eventKey: string): WebhookPayload {
    const pull = pullRequest(workshop, name);
    pull.state = state;
    pull.closedDate = touch(pull, true);
    if (state === "MERGED") pull.mergeCommit = hash(`merge ${name.join("/")}`);
    return payload(workshop, eventKey, pull.updatedDate, { pullRequest: json(pull) });
  }

  return {
    createPullRequest(key: string, slug: string, values: NewPullRequest = {}): WebhookPayload {
      const pull = opened(workshop, repository(workshop, key, slug), values);
      pull.toRef.repository.pullRequests.set(pull.id, pull);
      return payload(workshop, "pr:opened", pull.createdDate, { pullRequest: json(pull) });
    },

    updatePullRequest(name: PullRequestName, change: PullRequestChange): WebhookPayload {
      const pull = pullRequest(workshop, name);
      const { title: previousTitle, description: previousDescription, toRef } = pull;
      const { id, displayId, latestCommit } = toRef;
      const previousTarget = { id, displayId, type: "BRANCH", latestCommit, latestChangeset: latestCommit };
      if (change.title !== undefined) pull.title = change.title;
      if (change.description !== undefined) pull.description = change.description;
      if (change.toBranch !== undefined) pull.toRef = branch(toRef.repository, change.toBranch);
      const at = touch(pull, true);
      const previous = {
        previousTitle,
        previousDescription,
        previousTarget: { ...previousTarget, latestCommit },
      };
      return payload(workshop, "pr:modified", at, { pullRequest: json(pull), ...previous });
    },

    /** New commits on the branch that is to be merged. */
    pushToPullRequest(name: PullRequestName): WebhookPayload {
      const pull = pullRequest(workshop, name);
      const previousFromHash = pull.fromRef.latestCommit;
      pull.fromRef = { ...pull.fromRef, latestCommit: hash(`${previousFromHash} pushed`) };
      const at = touch(pull, false);
      return payload(workshop, "pr:from_ref_updated", at, { pullRequest: json(pull), previousFromHash });
    },

    /** Sets the reviewers, given as users' slugs. */
    setReviewers(name: PullRequestName, slugs: readonly string[]): WebhookPayload {
      const pull = pullRequest(workshop, name);
      const before = pull.reviewers;
      pull.reviewers = slugs.map(
        (slug) =>
          before.find((one) => one.user.slug === slug) ?? participant(user(workshop, slug), "REVIEWER"),
      );
      const at = touch(pull, true);
      const usersOf = (those: readonly Participant[], others: readonly Participant[]) =>
        those.filter((one) => !others.includes(one)).map((one) => userJson(one.user, workshop.style()));
      return payload(workshop, "pr:reviewer:updated", at, {
        pullRequest: json(pull),
        addedReviewers: usersOf(pull.reviewers, before),
        removedReviewers: usersOf(before, pull.reviewers),
      });
    },

    /** One user's verdict; who was no reviewer becomes one. */
    review(name: PullRequestName, slug: string, status: Participant["status"]): WebhookPayload {
      const pull = pullRequest(workshop, name);
      const old = pull.reviewers.find((one) => one.user.slug === slug);
      const previousStatus = old?.status ?? "UNAPPROVED";
      const reviewer: Participant = {
        ...(old ?? participant(user(workshop, slug), "REVIEWER")),
        status,
        lastReviewedCommit: pull.fromRef.latestCommit,
      };
      pull.reviewers = [...pull.reviewers.filter((one) => one !== old), reviewer];
      pull.participants = pull.participants.filter((one) => one.user.slug !== slug);
      const rest = { participant: participantJson(reviewer, workshop.style()), previousStatus };
      const at = beside(pull);
      return payload(workshop, `pr:reviewer:${status.toLowerCase()}`, at, {
        pullRequest: json(pull),
        ...rest,
      });
    },

    /** A comment; who had no part in the pull request becomes a participant. */
    comment(name: PullRequestName, slug: string, text: string): WebhookPayload {
      const pull = pullRequest(workshop, name);
      const author = user(workshop, slug);
      const known = [pull.author, ...pull.reviewers, ...pull.participants].some((one) => one.user === author);
      if (!known) pull.participants = [...pull.participants, participant(author, "PARTICIPANT")];
      const at = beside(pull);
      const style = workshop.style();
      const dates = { createdDate: at, updatedDate: at };
      const id = ++workshop.data.lastId;
      const comment = { properties: {}, id, version: 0, text, author: userJson(author, style), ...dates };
      const rest = { comment: { ...comment, comments: [], tasks: [] } };
      return payload(workshop, "pr:comment:added", at, { pullRequest: json(pull), ...rest });
    },

    mergePullRequest: (name: PullRequestName) => close(name, "MERGED", "pr:merged"),
    declinePullRequest: (name: PullRequestName) => close(name, "DECLINED", "pr:declined"),

    deletePullRequest(name: PullRequestName): WebhookPayload {
      const pull = pullRequest(workshop, name);
      pull.toRef.repository.pullRequests.delete(pull.id);
      return payload(workshop, "pr:deleted", workshop.tick(), { pullRequest: json(pull) });
    },
  };
}
