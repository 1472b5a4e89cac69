import { home, repositoryLinks, self } from "./json-links.ts";
import type { Json, JsonStyle } from "./json-style.ts";
import type { Commit, Participant, Project, PullRequest, Ref, Repository, Stranger, User } from "./model.ts";

/** A body as a webhook sends it. */
export type WebhookPayload = { readonly eventKey: string } & Readonly<Record<string, unknown>>;

export function userJson(user: User, style: JsonStyle): Json {
  const { emailAddress } = user;
  return {
    name: user.name,
    ...(emailAddress === undefined || !style.emails ? {} : { emailAddress }),
    active: user.active,
    displayName: user.displayName,
    id: user.id,
    slug: user.slug,
    type: user.type,
    ...self(style, `/users/${user.slug}`),
  };
}

export function projectJson(project: Project, style: JsonStyle): Json {
  const { key, id, name, type, owner, description } = project;
  if (owner !== undefined)
    return { key, id, name, type, owner: userJson(owner, style), ...self(style, home(project)) };
  const described = description === undefined ? {} : { description };
  return { key, id, name, ...described, public: project.public, type, ...self(style, home(project)) };
}

export function repositoryJson(repository: Repository, style: JsonStyle): Json {
  const known = style.shown.get(repository) ?? freshRepositoryJson(repository, style);
  style.shown.set(repository, known);
  return known;
}

function freshRepositoryJson(repository: Repository, style: JsonStyle): Json {
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
    ...(origin === undefined ? {} : { origin: repositoryJson(origin, style) }),
    project: projectJson(project, style),
    public: repository.public,
    archived: repository.archived,
    ...repositoryLinks(repository, style),
  };
}

export function pullRequestJson(pull: PullRequest, style: JsonStyle): Json {
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
    ...(style.drafts ? { draft: false } : {}),
    createdDate: date(pull.createdDate, style),
    updatedDate: date(pull.updatedDate, style),
    ...(closedDate === undefined ? {} : { closedDate: date(closedDate, style) }),
    fromRef: refJson(pull.fromRef, style),
    toRef: refJson(pull.toRef, style),
    locked: false,
    author: participantJson(pull.author, style),
    reviewers: pull.reviewers.map((participant) => participantJson(participant, style)),
    participants: pull.participants.map((participant) => participantJson(participant, style)),
    ...(mergeCommit === undefined ? {} : { properties: { mergeCommit: commitReference(mergeCommit) } }),
    ...self(style, `${home(repository.project)}/repos/${repository.slug}/pull-requests/${pull.id}`),
  };
}

export function participantJson(participant: Participant, style: JsonStyle): Json {
  const { role, status, lastReviewedCommit } = participant;
  const reviewed = lastReviewedCommit === undefined ? {} : { lastReviewedCommit };
  return {
    user: userJson(participant.user, style),
    ...reviewed,
    role,
    approved: status === "APPROVED",
    status,
  };
}

export function refJson(ref: Ref, style: JsonStyle): Json {
  const { id, displayId, latestCommit, repository } = ref;
  return { id, displayId, latestCommit, type: "BRANCH", repository: repositoryJson(repository, style) };
}

export function commitJson(commit: Commit, parent: string | undefined, style: JsonStyle): Json {
  const author = "id" in commit.author ? userJson(commit.author, style) : strangerJson(commit.author, style);
  const timestamp = date(commit.timestamp, style);
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
function strangerJson({ name, emailAddress }: Stranger, { emails }: JsonStyle): Json {
  return { name, ...(emails ? { emailAddress } : {}) };
}

export function commitReference(id: string): { readonly displayId: string; readonly id: string } {
  return { displayId: id.slice(0, 11), id };
}

export function date(ms: number, style: JsonStyle): number | string {
  return style.dates === "epoch" ? ms : new Date(ms).toISOString();
}
