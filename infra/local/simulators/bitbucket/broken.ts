import type { Answer } from "../http.ts";
import type { Context } from "./context.ts";
import type { Repository } from "./model.ts";
import { refused } from "./refusals.ts";
import type { Broken } from "./trouble.ts";

const broken = new WeakMap<Repository, Broken>();

export function breakRepository(repository: Repository, how: Broken): void {
  broken.set(repository, how);
}

/** The answer in place of the true one, when this part of a repository is broken. */
export function troubleWith(
  context: Context,
  repository: Repository,
  part: keyof Broken,
  list?: () => Answer,
): Answer | undefined {
  const trouble = broken.get(repository)?.[part];
  if (trouble === undefined) return undefined;
  if (typeof trouble === "object") return trouble;
  if (trouble === "never-ends") return { status: 200, body: '{"values":[', neverEnds: true };
  if (typeof trouble === "number") return refusal(part, trouble, context.request.call.path);
  const answer = list?.() ?? { status: 200 };
  const { nextPageStart: _, ...page } = answer.body as Record<string, unknown>;
  const next = trouble === "same-page" ? { nextPageStart: page["start"] } : {};
  return { ...answer, body: { ...page, isLastPage: false, ...next } };
}

function refusal(part: keyof Broken, status: number, path: string): Answer {
  if (status === 204) return { status };
  throw refused(status, `${path} cannot be read.`, exceptions[status] ?? missing[part]);
}

const exceptions: Readonly<Record<number, string>> = {
  400: "scm.InvalidPathException",
  401: "AuthorisationException",
  409: "repository.NoDefaultBranchException",
  500: "scm.CommandFailedException",
};

const missing: Readonly<Record<keyof Broken, string>> = {
  object: "repository.NoSuchRepositoryException",
  commits: "repository.NoDefaultBranchException",
  raw: "content.NoSuchPathException",
  pullRequests: "repository.NoSuchRepositoryException",
  pullRequest: "pull.NoSuchPullRequestException",
};
