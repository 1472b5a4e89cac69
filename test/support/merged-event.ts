import type { JsonObject } from "../../lib/json.ts";

const host = "http://myhost:7990";

const user: JsonObject = {
  name: "admin",
  emailAddress: "username@example.org",
  active: true,
  displayName: "Test User",
  id: 2,
  slug: "admin",
  type: "NORMAL",
  links: { self: [{ href: `${host}/users/admin` }] },
};

const repository: JsonObject = {
  slug: "data-analyses",
  id: 1,
  name: "data analyses",
  description: "This is for my repository and all the blah blah blah",
  hierarchyId: "24cfae4b0dd7bade7edc",
  scmId: "git",
  state: "AVAILABLE",
  statusMessage: "Available",
  forkable: true,
  project: {
    key: "MOPP",
    id: 1,
    name: "My On Prem Project",
    description: "On premise test project is sent to us for us",
    public: false,
    type: "NORMAL",
    links: { self: [{ href: `${host}/projects/MOPP` }] },
  },
  public: false,
  archived: false,
  links: {
    clone: [
      { href: "ssh://git@myhost:7999/mopp/data-analyses.git", name: "ssh" },
      { href: `${host}/scm/mopp/data-analyses.git`, name: "http" },
    ],
    self: [{ href: `${host}/projects/MOPP/repos/data-analyses/browse` }],
  },
};

/** The event of Port's guide: a pull request was merged, as Bitbucket 8.15 sent it. */
export const mergedPullRequest: JsonObject = {
  id: 2,
  version: 2,
  title: "lint code",
  description: "here is the description",
  state: "MERGED",
  open: false,
  closed: true,
  createdDate: 1700132280533,
  updatedDate: 1700132622026,
  closedDate: 1700132622026,
  fromRef: {
    id: "refs/heads/dev",
    displayId: "dev",
    latestCommit: "9e08604e14fa72265d65696608725c2b8f7850f2",
    type: "BRANCH",
    repository,
  },
  toRef: {
    id: "refs/heads/main",
    displayId: "main",
    latestCommit: "e461aae894b6dc951f405dca027a3f5567ea6bee",
    type: "BRANCH",
    repository,
  },
  locked: false,
  author: { user, role: "AUTHOR", approved: false, status: "UNAPPROVED" },
  reviewers: [],
  participants: [],
  properties: {
    mergeCommit: { displayId: "1cbccf99220", id: "1cbccf99220b23f89624c7c604f630663a1aaf8e" },
  },
  links: { self: [{ href: `${host}/projects/MOPP/repos/data-analyses/pull-requests/2` }] },
};

export const mergedRepository = repository;

export const mergedEvent: JsonObject = {
  eventKey: "pr:merged",
  date: "2023-11-16T11:03:42+0000",
  actor: user,
  pullRequest: mergedPullRequest,
};
