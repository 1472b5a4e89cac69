export type User = {
  readonly id: number;
  name: string;
  slug: string;
  displayName: string;
  active: boolean;
  type: "NORMAL" | "SERVICE";
  emailAddress?: string;
};

export type Webhook = {
  readonly id: number;
  name: string;
  url: string;
  events: string[];
  active: boolean;
  sslVerificationRequired: boolean;
  configuration: { secret?: string } & Record<string, unknown>;
  readonly createdDate: number;
  updatedDate: number;
};

export type Project = {
  readonly id: number;
  key: string;
  name: string;
  description?: string;
  public: boolean;
  readonly type: "NORMAL" | "PERSONAL";
  owner?: User;
  /** By slug. */
  readonly repositories: Map<string, Repository>;
  readonly webhooks: Map<number, Webhook>;
};

/** Somebody as git knows them. */
export type Stranger = { readonly name: string; readonly emailAddress: string };

export type Commit = {
  readonly id: string;
  readonly message: string;
  /** A user of this Bitbucket, or just what git knows. */
  readonly author: User | Stranger;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
};

/** A file's content, where a symbolic link leads, or the commit that a submodule stands at. */
export type Entry = string | Buffer | { readonly symlink: string } | { readonly submodule: string };

/** Entries by path, without folders of their own. */
export type Tree = Map<string, Entry>;

/** A commit as git keeps it. */
export type StoredCommit = Commit & { readonly parent: string | undefined; readonly tree: Tree };

export type Git = {
  /** By id, with those that no branch and no tag leads to any more. */
  readonly commits: Map<string, StoredCommit>;
  /** Ids of commits by name. */
  readonly branches: Map<string, string>;
  readonly tags: Map<string, string>;
  /** What `files` are while the default branch is not there. */
  unborn: Tree;
};

export type Repository = {
  readonly id: number;
  slug: string;
  name: string;
  description?: string;
  readonly hierarchyId: string;
  forkable: boolean;
  public: boolean;
  archived: boolean;
  project: Project;
  readonly origin?: Repository;
  defaultBranch: string;
  readonly git: Git;
  /** Those of the default branch, newest first; what is assigned becomes its history, with the files as they are. */
  commits: readonly Commit[];
  /** The tree at the tip of the default branch; what is changed here was always so. */
  readonly files: Tree;
  /** By number, in the order of their creation. */
  readonly pullRequests: Map<number, PullRequest>;
  readonly webhooks: Map<number, Webhook>;
};

export type Ref = { id: string; displayId: string; latestCommit: string; repository: Repository };

export type Participant = {
  readonly user: User;
  readonly role: "AUTHOR" | "REVIEWER" | "PARTICIPANT";
  status: "UNAPPROVED" | "NEEDS_WORK" | "APPROVED";
  lastReviewedCommit?: string;
};

/** Dates are milliseconds since the epoch. */
export type PullRequest = {
  readonly id: number;
  version: number;
  title: string;
  description?: string;
  state: "OPEN" | "MERGED" | "DECLINED";
  readonly createdDate: number;
  updatedDate: number;
  closedDate?: number;
  fromRef: Ref;
  toRef: Ref;
  readonly author: Participant;
  reviewers: Participant[];
  participants: Participant[];
  mergeCommit?: string;
};

/** What answered before at addresses where nothing lives now: projects by key in capitals, repositories by slug. */
export type OldAddresses = {
  readonly projects: Map<string, Project>;
  readonly repositories: Map<Project, Map<string, Repository>>;
};

export type BitbucketData = {
  readonly users: User[];
  /** By key in capitals. */
  readonly projects: Map<string, Project>;
  readonly old: OldAddresses;
  /** The last id given to anything that has one of its own. */
  lastId: number;
};

export function findProject(data: BitbucketData, key: string): Project | undefined {
  return data.projects.get(key.toUpperCase());
}

export function findRepository(data: BitbucketData, key: string, slug: string): Repository | undefined {
  return findProject(data, key)?.repositories.get(slug.toLowerCase());
}
