import type { Context } from "./context.ts";
import { foldersOf, stored } from "./git.ts";
import type { Entry, Git, Repository, StoredCommit, Tree } from "./model.ts";
import { refused } from "./refusals.ts";

/** The commit that `at` names, or the tip of the default branch. A ref that is not there has words of its own. */
export function commitAt({ request }: Context, repository: Repository): StoredCommit {
  const at = request.search.get("at") ?? "";
  if (at === "") return tipOf(repository);
  if (!at.startsWith("refs/") || resolved(repository.git, at) !== undefined)
    return commitNamed(repository, at);
  const message = `Object "${at}" does not exist in repository "${repository.slug}"`;
  throw refused(404, message, "NoSuchObjectException");
}

/** The commit that a branch, a tag or an id names. */
export function commitNamed({ git, slug }: Repository, name: string): StoredCommit {
  const commit = resolved(git, name);
  if (commit !== undefined) return commit;
  throw refused(
    404,
    `Commit '${name}' does not exist in repository '${slug}'.`,
    "commit.NoSuchCommitException",
  );
}

/** The tip of the default branch. */
export function tipOf({ git, defaultBranch }: Repository): StoredCommit {
  const tip = stored(git, git.branches.get(defaultBranch));
  if (tip !== undefined) return tip;
  const message = `refs/heads/${defaultBranch} is set as the default branch, but this branch does not exist`;
  throw refused(404, message, "repository.NoDefaultBranchException");
}

function resolved(git: Git, name: string): StoredCommit | undefined {
  const [, kind, short = name] = /^refs\/(heads|tags)\/(.*)$/.exec(name) ?? [];
  const branch = kind === "tags" ? undefined : git.branches.get(short);
  const tag = kind === "heads" ? undefined : git.tags.get(short);
  const known = stored(git, branch ?? tag ?? name);
  if (known !== undefined || !/^[0-9a-f]{7,39}$/.test(name)) return known;
  return [...git.commits.values()].find(({ id }) => id.startsWith(name));
}

export type Found = { readonly is: "file"; readonly entry: Entry } | { readonly is: "folder" };

/** What is at a path of a commit; the root is a folder. */
export function findAt({ tree }: StoredCommit, path: string): Found | undefined {
  const entry = tree.get(path);
  if (entry !== undefined) return { is: "file", entry };
  return path === "" || isFolder(tree, path) ? { is: "folder" } : undefined;
}

function isFolder(tree: Tree, path: string): boolean {
  for (const other of tree.keys()) if (foldersOf(other).includes(path)) return true;
  return false;
}

/** The same, where there has to be something. */
export function foundAt(context: Context, repository: Repository, path: string): Found {
  const commit = commitAt(context, repository);
  const found = findAt(commit, path);
  if (found !== undefined) return found;
  const at = context.request.search.get("at") ?? `refs/heads/${repository.defaultBranch}`;
  throw refused(404, `The path "${path}" does not exist at revision "${at}"`, "content.NoSuchPathException");
}

/** Paths in the order in which git lists them: by their bytes. */
export function inOrder(paths: Iterable<string>): string[] {
  return [...paths]
    .map((path) => ({ path, bytes: Buffer.from(path) }))
    .sort((one, other) => Buffer.compare(one.bytes, other.bytes))
    .map(({ path }) => path);
}
