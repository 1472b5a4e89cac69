import { createHash } from "node:crypto";
import { newGit, withContent } from "./git.ts";
import type { BitbucketData, Project, Ref, Repository, User } from "./model.ts";
import { noOldAddresses } from "./old-addresses.ts";

export function emptyData(): BitbucketData {
  return { users: [], projects: new Map(), old: noOldAddresses(), lastId: 0 };
}

export function addUser(
  data: BitbucketData,
  user: Omit<User, "id" | "active" | "type"> & Partial<User>,
): User {
  const added: User = { id: ++data.lastId, active: true, type: "NORMAL", ...user };
  data.users.push(added);
  return added;
}

export function addProject(
  data: BitbucketData,
  project: Pick<Project, "key" | "name"> & Partial<Project>,
): Project {
  const lists = { repositories: new Map(), webhooks: new Map() };
  const added: Project = { id: ++data.lastId, public: false, type: "NORMAL", ...lists, ...project };
  data.projects.set(added.key.toUpperCase(), added);
  return added;
}

export type NewRepository = { readonly name: string } & Partial<Omit<Repository, "commits" | "files">>;

export function addRepository(data: BitbucketData, project: Project, repository: NewRepository): Repository {
  const id = ++data.lastId;
  const added = withContent({
    id,
    slug: slugOf(repository.name),
    hierarchyId: repository.origin?.hierarchyId ?? hash(`hierarchy ${id}`).slice(0, 20),
    forkable: true,
    public: false,
    archived: false,
    project,
    defaultBranch: "main",
    git: newGit(),
    pullRequests: new Map(),
    webhooks: new Map(),
    ...repository,
  });
  project.repositories.set(added.slug, added);
  return added;
}

export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** A branch of a repository, at the commit given or at one made up from its name. */
export function branch(repository: Repository, displayId: string, latestCommit?: string): Ref {
  const commit =
    latestCommit ?? repository.git.branches.get(displayId) ?? hash(`${repository.id} ${displayId}`);
  return { id: `refs/heads/${displayId}`, displayId, latestCommit: commit, repository };
}

/** A commit id: the same for the same text. */
export function hash(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}
