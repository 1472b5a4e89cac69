import type { Commit, Participant, Project, PullRequest, Ref, Repository, Stranger, User } from "./model.ts";

/** A body as a webhook sends it. */
export type WebhookPayload = { readonly eventKey: string } & Readonly<Record<string, unknown>>;

/** How objects look: what their links start with (or none), how dates are written, if drafts and addresses show. */
export type Look = {
  readonly base: string;
  readonly links: boolean;
  readonly dates: "epoch" | "iso";
  readonly drafts: boolean;
  readonly emails: boolean;
  /** Repositories that were shown already: a page of pull requests shows the same ones over and over. */
  readonly shown: Map<Repository, Json>;
};

export type Json = Readonly<Record<string, unknown>>;

export function userJson(user: User, look: Look): Json {
  const { emailAddress } = user;
  return {
    name: user.name,
    ...(emailAddress === undefined || !look.emails ? {} : { emailAddress }),
    active: user.active,
    displayName: user.displayName,
    id: user.id,
    slug: user.slug,
    type: user.type,
    ...self(look, `/users/${user.slug}`),
  };
}

export function projectJson(project: Project, look: Look): Json {
  const { key, id, name, type, owner, description } = project;
  if (owner !== undefined)
    return { key, id, name, type, owner: userJson(owner, look), ...self(look, home(project)) };
  const described = description === undefined ? {} : { description };
  return { key, id, name, ...described, public: project.public, type, ...self(look, home(project)) };
}

export function repositoryJson(repository: Repository, look: Look): Json {
  const known = look.shown.get(repository) ?? freshRepositoryJson(repository, look);
  look.shown.set(repository, known);
  return known;
}

function freshRepositoryJson(repository: Repository, look: Look): Json {
  const { slug, description, origin, project } = repository;
  return {
    slug,
    id: repository.id,
    name: repository.name,
    ...(description === undefined ? {} : { description }),
    hierarchyId: repository.hierarchyId,
    scmId: "git",
    state: "AVAILABLE",
    statusMessage: "Available",
    forkable: repository.forkable,
    ...(origin === undefined ? {} : { origin: repositoryJson(origin, look) }),
    project: projectJson(project, look),
    public: repository.public,
    archived: repository.archived,
    ...repositoryLinks(repository, look),
  };
}

export function pullRequestJson(pull: PullRequest, look: Look): Json {
  const { description, closedDate, mergeCommit } = pull;
  const { repository } = pull.toRef;
  return {
    id: pull.id,
    version: pull.version,
    title: pull.title,
    ...(description === undefined ? {} : { description }),
    state: pull.state,
    open: pull.state === "OPEN",
    closed: pull.state !== "OPEN",
    ...(look.drafts ? { draft: false } : {}),
    createdDate: date(pull.createdDate, look),
    updatedDate: date(pull.updatedDate, look),
    ...(closedDate === undefined ? {} : { closedDate: date(closedDate, look) }),
    fromRef: refJson(pull.fromRef, look),
    toRef: refJson(pull.toRef, look),
    locked: false,
    author: participantJson(pull.author, look),
    reviewers: pull.reviewers.map((participant) => participantJson(participant, look)),
    participants: pull.participants.map((participant) => participantJson(participant, look)),
    ...(mergeCommit === undefined ? {} : { properties: { mergeCommit: commitReference(mergeCommit) } }),
    ...self(look, `${home(repository.project)}/repos/${repository.slug}/pull-requests/${pull.id}`),
  };
}

export function participantJson(participant: Participant, look: Look): Json {
  const { role, status, lastReviewedCommit } = participant;
  const reviewed = lastReviewedCommit === undefined ? {} : { lastReviewedCommit };
  return {
    user: userJson(participant.user, look),
    ...reviewed,
    role,
    approved: status === "APPROVED",
    status,
  };
}

export function refJson(ref: Ref, look: Look): Json {
  const { id, displayId, latestCommit, repository } = ref;
  return { id, displayId, latestCommit, type: "BRANCH", repository: repositoryJson(repository, look) };
}

export function commitJson(commit: Commit, parent: string | undefined, look: Look): Json {
  const author = "id" in commit.author ? userJson(commit.author, look) : strangerJson(commit.author, look);
  const timestamp = date(commit.timestamp, look);
  return {
    ...commitReference(commit.id),
    author,
    authorTimestamp: timestamp,
    committer: author,
    committerTimestamp: timestamp,
    message: commit.message,
    parents: parent === undefined ? [] : [commitReference(parent)],
  };
}

/** Somebody whom only git knows. */
function strangerJson({ name, emailAddress }: Stranger, { emails }: Look): Json {
  return { name, ...(emails ? { emailAddress } : {}) };
}

export function commitReference(id: string): { readonly displayId: string; readonly id: string } {
  return { displayId: id.slice(0, 11), id };
}

export function date(ms: number, look: Look): number | string {
  return look.dates === "epoch" ? ms : new Date(ms).toISOString();
}

function repositoryLinks({ project, slug }: Repository, look: Look): Json {
  if (!look.links) return {};
  const { base } = look;
  const path = `${project.key.toLowerCase()}/${slug}.git`;
  const ssh = { href: `ssh://git@${new URL(base).hostname}:7999/${path}`, name: "ssh" };
  const http = { href: `${base}/scm/${path}`, name: "http" };
  return { links: { clone: [ssh, http], self: [{ href: `${base}${home(project)}/repos/${slug}/browse` }] } };
}

/** Where a project lives in the web interface; a personal one lives with its owner. */
export function home(project: Project): string {
  return project.owner === undefined ? `/projects/${project.key}` : `/users/${project.owner.slug}`;
}

function self(look: Look, path: string): Json {
  return look.links ? { links: { self: [{ href: look.base + path }] } } : {};
}
