import type { Answer } from "../http.ts";
import { spoiled } from "./broken.ts";
import type { Context } from "./context.ts";
import { bytesOf, history } from "./git.ts";
import { commitJson } from "./json.ts";
import type { Entry, StoredCommit } from "./model.ts";
import { page } from "./paging.ts";
import { badRequest } from "./refusals.ts";
import { commitAt, commitNamed, foundAt, inOrder, tipOf } from "./resolving.ts";
import { repositoryOf } from "./whereabouts.ts";

export function listCommits(context: Context, key: string, slug: string): Answer {
  const repository = repositoryOf(context, key, slug);
  const { search } = context.request;
  return spoiled(context, repository, "commits", () => {
    const until = search.get("until") ?? "";
    const tip = until === "" ? tipOf(repository) : commitNamed(repository, until);
    const since = search.get("since") ?? "";
    const known = new Set(since === "" ? [] : history(repository.git, commitNamed(repository, since).id));
    const path = search.get("path") ?? "";
    const commits = history(repository.git, tip.id).filter(
      (commit) =>
        !known.has(commit) && touches(commit, repository.git.commits.get(commit.parent ?? ""), path),
    );
    return page(context, commits, (commit) => commitJson(commit, commit.parent, context.style));
  });
}

/** Whether a commit changed something at a path, or beneath it. */
function touches({ tree }: StoredCommit, parent: StoredCommit | undefined, path: string): boolean {
  if (path === "") return true;
  const before = parent?.tree ?? new Map<string, Entry>();
  const paths = new Set([...tree.keys(), ...before.keys()]);
  return [...paths].some(
    (one) => (one === path || one.startsWith(`${path}/`)) && tree.get(one) !== before.get(one),
  );
}

/** The paths of all files beneath a folder, relative to it. */
export function listFiles(context: Context, key: string, slug: string, folder = ""): Answer {
  const repository = repositoryOf(context, key, slug);
  return spoiled(context, repository, "files", () => {
    if (foundAt(context, repository, folder).is === "file")
      throw badRequest(`The path "${folder}" is not a directory`);
    const prefix = folder === "" ? "" : `${folder}/`;
    const paths = inOrder(commitAt(context, repository).tree.keys()).filter((path) =>
      path.startsWith(prefix),
    );
    const { filesCap } = context.settings;
    return page(context, paths, (path) => path.slice(prefix.length), filesCap);
  });
}

export function raw(context: Context, key: string, slug: string, path: string): Answer {
  const repository = repositoryOf(context, key, slug);
  return spoiled(context, repository, "raw", () => {
    const found = foundAt(context, repository, path);
    const body = found.is === "file" ? bytesOf(found.entry) : undefined;
    if (body === undefined) throw badRequest(`The path "${path}" is not a file`);
    const isText = !body.includes(0);
    const type = isText ? "text/plain;charset=UTF-8" : "application/octet-stream";
    return { status: 200, body, headers: { "content-type": type } };
  });
}
