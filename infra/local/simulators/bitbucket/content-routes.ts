import type { Answer } from "../http.ts";
import { troubleWith } from "./broken.ts";
import { type Context, ok } from "./context.ts";
import { commitJson } from "./json.ts";
import type { Commit, Repository } from "./model.ts";
import { asked, page } from "./paging.ts";
import { refused } from "./refusals.ts";
import { repositoryOf } from "./whereabouts.ts";

const linesPerPage = 500;

export function listCommits(context: Context, key: string, slug: string): Answer {
  const repository = repositoryOf(context, key, slug);
  const listed = () => {
    const commits = commitsAt(repository, context.request.search.get("until"));
    const parents = new Map(commits.map((commit, index) => [commit, commits[index + 1]?.id]));
    return page(context, commits, (commit) => commitJson(commit, parents.get(commit), context.style));
  };
  return troubleWith(context, repository, "commits", listed) ?? listed();
}

export function defaultBranch(context: Context, key: string, slug: string): Answer {
  const { defaultBranch: displayId } = withCommits(repositoryOf(context, key, slug));
  return ok({ id: `refs/heads/${displayId}`, displayId, type: "BRANCH" });
}

/** The older address of the same, with the tip. */
export function branchesDefault(context: Context, key: string, slug: string): Answer {
  const repository = withCommits(repositoryOf(context, key, slug));
  const { defaultBranch: displayId, commits } = repository;
  const tip = commits[0]?.id;
  const branch = { id: `refs/heads/${displayId}`, displayId, type: "BRANCH" };
  return ok({ ...branch, latestCommit: tip, latestChangeset: tip, isDefault: true });
}

export function browse(context: Context, key: string, slug: string, path: string): Answer {
  const repository = repositoryOf(context, key, slug);
  const trouble = troubleWith(context, repository, "raw");
  if (trouble !== undefined) return trouble;
  const lines = file(context, repository, path).replace(/\n$/, "").split("\n");
  const { start, limit } = asked(context, linesPerPage, linesPerPage);
  const shown = lines.slice(start, start + limit).map((text) => ({ text }));
  const isLastPage = start + limit >= lines.length;
  const next = isLastPage ? {} : { nextPageStart: start + limit };
  return ok({ lines: shown, start, size: shown.length, limit, isLastPage, ...next });
}

export function raw(context: Context, key: string, slug: string, path: string): Answer {
  const repository = repositoryOf(context, key, slug);
  const trouble = troubleWith(context, repository, "raw");
  if (trouble !== undefined) return trouble;
  const body = Buffer.from(file(context, repository, path));
  return { status: 200, body, headers: { "content-type": "text/plain;charset=UTF-8" } };
}

function file(context: Context, repository: Repository, path: string): string {
  const at = context.request.search.get("at");
  commitsAt(repository, at);
  const content = repository.files.get(path);
  if (content !== undefined) return content;
  const message = `The path "${path}" does not exist at revision "${at ?? `refs/heads/${repository.defaultBranch}`}"`;
  throw refused(404, message, "content.NoSuchPathException");
}

/** The commits up to a branch or a commit; without either, up to the tip of the default branch. */
function commitsAt(repository: Repository, at: string | null): readonly Commit[] {
  const { commits, defaultBranch: name } = withCommits(repository);
  if (at === null || at === "" || at === name || at === `refs/heads/${name}`) return commits;
  const index = commits.findIndex(({ id }) => id === at || (at.length >= 7 && id.startsWith(at)));
  if (index >= 0) return commits.slice(index);
  const message = `Commit '${at}' does not exist in repository '${repository.slug}'.`;
  throw refused(404, message, "commit.NoSuchCommitException");
}

function withCommits(repository: Repository): Repository {
  if (repository.commits.length > 0) return repository;
  const message = `Repository ${repository.slug} does not have a default branch.`;
  throw refused(404, message, "repository.NoDefaultBranchException");
}
