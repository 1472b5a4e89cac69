import type {
  BitbucketData,
  Participant,
  Project,
  PullRequest,
  Repository,
  User,
} from "../../infra/local/simulators/bitbucket/model.ts";
import { type Catalog, type ExpectedEntity, keyOf } from "./catalog.ts";
import { allowed, identityOf, shownName } from "./identity.ts";

/**
 * The catalog that a Bitbucket should have, worked out from its model and the default mapping's contract alone: by code
 * of its own, so that a fault of the product's mapping is not repeated here. `base` is what links start with.
 */
export function expectedCatalog(data: BitbucketData, base: string): Catalog {
  const catalog: Catalog = new Map();
  const add = (entity: ExpectedEntity) => catalog.set(keyOf(entity), entity);
  const isKnown = (user: User) => data.users.includes(user);
  for (const user of data.users) add(userEntity(user, base, false));
  for (const user of namedUsers(data)) if (!isKnown(user)) add(userEntity(user, base, true));
  for (const project of data.projects.values()) {
    add(projectEntity(project, base));
    for (const repository of project.repositories.values()) {
      add(repositoryEntity(repository, base));
      for (const pull of repository.pullRequests.values()) add(pullRequestEntity(pull, base));
    }
  }
  return catalog;
}

function namedUsers(data: BitbucketData): User[] {
  const repositories = [...data.projects.values()].flatMap((project) => [...project.repositories.values()]);
  return repositories.flatMap((repository) => [
    ...[...repository.pullRequests.values()].flatMap((pull) => takingPart(pull).map(({ user }) => user)),
    ...authorOf(repository),
  ]);
}

function takingPart(pull: PullRequest): Participant[] {
  return [pull.author, ...pull.reviewers, ...pull.participants];
}

function authorOf({ commits }: Repository): User[] {
  const author = commits[0]?.author;
  return author !== undefined && "id" in author ? [author] : [];
}

/** Where a project lives; a personal one lives with its owner, and its key begins with a tilde. */
function homeOf({ key, owner }: Project): string {
  return owner === undefined ? `projects/${key}` : `users/${owner.slug}`;
}

/** Personal projects are in no listing: what is in them is known only when something is heard of it. */
function isUnlisted({ type }: Project): boolean {
  return type === "PERSONAL";
}

function userEntity(user: User, base: string, optional: boolean): ExpectedEntity {
  return {
    blueprint: "bitbucketUser",
    identifier: identityOf(user),
    object: `user ${user.id}`,
    optional,
    fields: {
      title: user.displayName || user.name,
      "properties.username": user.name,
      "properties.url": `${base}/users/${user.slug}`,
    },
  };
}

function projectEntity(project: Project, base: string): ExpectedEntity {
  return {
    blueprint: "bitbucketProject",
    identifier: allowed(project.key),
    object: `project ${project.id}`,
    optional: isUnlisted(project),
    fields: {
      title: project.name,
      "properties.public": project.public,
      "properties.description": project.description,
      "properties.type": project.type,
      "properties.link": `${base}/${homeOf(project)}`,
    },
  };
}

function repositoryEntity(repository: Repository, base: string): ExpectedEntity {
  const { project } = repository;
  const [author] = authorOf(repository);
  return {
    blueprint: "bitbucketRepository",
    identifier: allowed(`${project.key}/${repository.slug}`),
    object: `repository ${repository.id}`,
    optional: isUnlisted(project),
    fields: {
      title: repository.name,
      "properties.forkable": repository.forkable,
      "properties.description": repository.description,
      "properties.public": repository.public,
      "properties.state": "AVAILABLE",
      "properties.link": `${base}/${homeOf(project)}/repos/${repository.slug}/browse`,
      "properties.documentation":
        repository.commits.length === 0 ? undefined : repository.files.get("README.md")?.toString(),
      "relations.project": allowed(project.key),
      "relations.latestCommitAuthor": author && identityOf(author),
    },
  };
}

function pullRequestEntity(pull: PullRequest, base: string): ExpectedEntity {
  const { project, slug, id } = pull.toRef.repository;
  const merged = pull.state === "MERGED";
  return {
    blueprint: "bitbucketPullrequest",
    identifier: allowed(`${project.key}/${slug}/${pull.id}`),
    object: `repository ${id} pull request ${pull.id}`,
    optional: isUnlisted(project),
    fields: {
      title: pull.title,
      "properties.created_on": iso(pull.createdDate),
      "properties.updated_on": iso(pull.updatedDate),
      "properties.mergedAt": merged ? iso(pull.closedDate ?? pull.updatedDate) : undefined,
      "properties.description": pull.description,
      "properties.state": pull.state,
      "properties.owner": shownName(pull.author.user),
      "properties.link": `${base}/${homeOf(project)}/repos/${slug}/pull-requests/${pull.id}`,
      "properties.destination": pull.toRef.displayId,
      "properties.source": pull.fromRef.displayId,
      "properties.reviewers": pull.reviewers.map(({ user }) => shownName(user)),
      "properties.merge_commit": pull.mergeCommit ?? pull.fromRef.latestCommit,
      "relations.repository": allowed(`${project.key}/${slug}`),
      "relations.participants": [...new Set(pull.participants.map(({ user }) => identityOf(user)))].sort(),
    },
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
