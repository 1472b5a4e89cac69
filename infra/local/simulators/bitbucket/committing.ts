import { hash } from "./building.ts";
import { foldersOf } from "./git.ts";
import type { Entry, Repository, Tree } from "./model.ts";
import { user, type Workshop } from "./mutation-support.ts";

export type NewCommit = {
  /** Unless given, the default branch. A branch that is not there begins with this commit. */
  readonly branch?: string;
  readonly message?: string;
  /** A user's slug; unless given, the first user's. */
  readonly by?: string;
  /** Paths by the paths that they had; before the changes. */
  readonly moves?: Readonly<Record<string, string>>;
  /** Paths of copies by those of the originals; before the changes. */
  readonly copies?: Readonly<Record<string, string>>;
};

type Base = { readonly parent: string | undefined; readonly tree: Tree };

/** Stores a commit and returns its id; no branch leads to it yet. */
export function committed(
  workshop: Workshop,
  { id: repositoryId, git }: Repository,
  { parent, tree: before }: Base,
  changes: Readonly<Record<string, Entry | null>>,
  { message = "Go on", by, moves = {}, copies = {} }: NewCommit,
): string {
  const timestamp = workshop.tick();
  const stranger = { name: "somebody", emailAddress: "somebody@example.org" };
  const author = by === undefined ? (workshop.data.users[0] ?? stranger) : user(workshop, by);
  const tree = new Map(before);
  const written = new Map<string, Entry>();
  for (const [from, to] of Object.entries(copies)) written.set(to, take(before, from));
  for (const [from, to] of Object.entries(moves)) {
    written.set(to, take(before, from));
    tree.delete(from);
  }
  for (const [path, entry] of Object.entries(changes)) {
    if (entry !== null) written.set(path, entry);
    else if (!tree.delete(path)) take(before, path);
  }
  put(tree, written);
  const id = hash(`${repositoryId} ${parent} ${timestamp}`);
  git.commits.set(id, { id, message, author, timestamp, parent, tree });
  return id;
}

function take(tree: Tree, path: string): Entry {
  const entry = tree.get(path);
  if (entry === undefined) throw new Error(`The simulated Bitbucket has no file ${path}`);
  return entry;
}

/** A file takes the place of a folder, and a folder that of a file. */
function put(tree: Tree, written: Tree): void {
  const folders = new Set([...written.keys()].flatMap(foldersOf));
  for (const path of tree.keys()) {
    if (folders.has(path) || foldersOf(path).some((folder) => written.has(folder))) tree.delete(path);
  }
  for (const [path, entry] of written) tree.set(path, entry);
}
