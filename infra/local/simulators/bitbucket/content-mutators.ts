import { hash } from "./building.ts";
import type { WebhookPayload } from "./json.ts";
import { commitJson, repositoryJson } from "./json.ts";
import { payload, repository, user, type Workshop } from "./mutation-support.ts";

export type ContentMutators = ReturnType<typeof contentMutators>;

/** Changes to what is in repositories. */
export function contentMutators(workshop: Workshop) {
  return {
    /** A commit on the default branch, by a user (a slug; unless given, the first). */
    push(key: string, slug: string, message = "Go on", by?: string): WebhookPayload {
      const target = repository(workshop, key, slug);
      const before = target.commits[0]?.id;
      const at = workshop.tick();
      const id = hash(`${target.id} ${before} ${at}`);
      const stranger = { name: "somebody", emailAddress: "somebody@example.org" };
      const author = by === undefined ? (workshop.data.users[0] ?? stranger) : user(workshop, by);
      const commit = { id, message, author, timestamp: at };
      target.commits = [commit, ...target.commits];
      const style = workshop.style();
      const refId = `refs/heads/${target.defaultBranch}`;
      const ref = { id: refId, displayId: target.defaultBranch, type: "BRANCH" };
      const fromHash = before ?? "0".repeat(40);
      const change = { ref, refId, fromHash, toHash: id, type: before === undefined ? "ADD" : "UPDATE" };
      const toCommit = commitJson(commit, before, style);
      const rest = { changes: [change], commits: [toCommit], toCommit };
      return payload(workshop, "repo:refs_changed", at, {
        repository: repositoryJson(target, style),
        ...rest,
      });
    },
  };
}
