import { createHash } from "node:crypto";
import type { Commit, Entry, Git, Repository, StoredCommit } from "./model.ts";

export function newGit(): Git {
  return { commits: new Map(), branches: new Map(), tags: new Map(), unborn: new Map() };
}

/** Another repository with the same history, as a fork begins. */
export function copyOf({ commits, branches, tags, unborn }: Git): Git {
  const stored = [...commits].map(([id, commit]) => [id, { ...commit, tree: new Map(commit.tree) }] as const);
  return {
    commits: new Map(stored),
    branches: new Map(branches),
    tags: new Map(tags),
    unborn: new Map(unborn),
  };
}

/** Gives a repository its views of the default branch. */
export function withContent(repository: Omit<Repository, "commits" | "files">): Repository {
  const whole: Repository = Object.defineProperties(repository as Repository, {
    commits: {
      enumerable: true,
      get: () => history(whole.git, defaultTip(whole)),
      set: (commits: readonly Commit[]) => rewrite(whole, commits),
    },
    files: { enumerable: true, get: () => stored(whole.git, defaultTip(whole))?.tree ?? whole.git.unborn },
  });
  return whole;
}

function defaultTip({ git, defaultBranch }: Repository): string | undefined {
  return git.branches.get(defaultBranch);
}

export function stored({ commits }: Git, id: string | undefined): StoredCommit | undefined {
  return id === undefined ? undefined : commits.get(id);
}

/** A commit and those before it, newest first; none where there is no such commit. */
export function history(git: Git, id: string | undefined): StoredCommit[] {
  const found: StoredCommit[] = [];
  for (let commit = stored(git, id); commit !== undefined; commit = stored(git, commit.parent))
    found.push(commit);
  return found;
}

function rewrite(repository: Repository, commits: readonly Commit[]): void {
  const { git, defaultBranch, files } = repository;
  const [tip] = commits;
  if (tip === undefined) {
    git.unborn = files;
    git.branches.delete(defaultBranch);
    return;
  }
  for (const [index, commit] of commits.entries()) {
    const tree = commit === tip ? files : (stored(git, commit.id)?.tree ?? new Map(files));
    git.commits.set(commit.id, { ...commit, parent: commits[index + 1]?.id, tree });
  }
  git.branches.set(defaultBranch, tip.id);
}

/** The bytes that git keeps of an entry; none of a submodule, whose content lies elsewhere. */
export function bytesOf(entry: Entry): Buffer | undefined {
  if (typeof entry === "string") return Buffer.from(entry);
  if (Buffer.isBuffer(entry)) return entry;
  return "symlink" in entry ? Buffer.from(entry.symlink) : undefined;
}

/** The id of an entry's content, as git names it. */
export function contentId(entry: Entry): string {
  const bytes = bytesOf(entry);
  if (bytes === undefined) return (entry as { submodule: string }).submodule;
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

/** One text for all entries that are the same to git. */
export function identityOf(entry: Entry): string {
  const isFile = typeof entry === "string" || Buffer.isBuffer(entry);
  const kind = isFile ? "file" : "symlink" in entry ? "symlink" : "submodule";
  return `${kind}:${contentId(entry)}`;
}

/** Forgets what neither a branch nor a tag leads to. */
export function collectGarbage(git: Git): void {
  const tips = [...git.branches.values(), ...git.tags.values()];
  const kept = new Set(tips.flatMap((tip) => history(git, tip)));
  for (const [id, commit] of git.commits) if (!kept.has(commit)) git.commits.delete(id);
}

/** The folders that a path lies in, from the outermost. */
export function foldersOf(path: string): string[] {
  return [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
}
