import type {
  BitbucketData,
  Participant,
  Project,
  PullRequest,
  Repository,
  User,
} from "../../infra/local/simulators/bitbucket/model.ts";
import { type Catalog, type ExpectedEntity, keyOf } from "./catalog.ts";

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

/** E-mail address, else slug, else name, with what Port refuses replaced. */
export function identityOf(user: User): string {
  const text = user.emailAddress || user.slug || user.name;
  return text.replaceAll(/[^\p{L}0-9@_.+:\\/=-]/gu, "_");
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
    identifier: project.key,
    object: `project ${project.id}`,
    optional: false,
    fields: {
      title: project.name,
      "properties.public": project.public,
      "properties.description": project.description,
      "properties.type": project.type,
      "properties.link": `${base}/projects/${project.key}`,
    },
  };
}

function repositoryEntity(repository: Repository, base: string): ExpectedEntity {
  const { project } = repository;
  const [author] = authorOf(repository);
  return {
    blueprint: "bitbucketRepository",
    identifier: `${project.key}/${repository.slug}`,
    object: `repository ${repository.id}`,
    optional: false,
    fields: {
      title: repository.name,
      "properties.forkable": repository.forkable,
      "properties.description": repository.description,
      "properties.public": repository.public,
      "properties.state": "AVAILABLE",
      "properties.link": `${base}/projects/${project.key}/repos/${repository.slug}/browse`,
      "properties.documentation":
        repository.commits.length === 0 ? undefined : repository.files.get("README.md"),
      "relations.project": project.key,
      "relations.latestCommitAuthor": author && identityOf(author),
    },
  };
}

function pullRequestEntity(pull: PullRequest, base: string): ExpectedEntity {
  const { project, slug, id } = pull.toRef.repository;
  const merged = pull.state === "MERGED";
  return {
    blueprint: "bitbucketPullrequest",
    identifier: `${project.key}/${slug}/${pull.id}`,
    object: `repository ${id} pull request ${pull.id}`,
    optional: false,
    fields: {
      title: pull.title,
      "properties.created_on": iso(pull.createdDate),
      "properties.updated_on": iso(pull.updatedDate),
      "properties.mergedAt": merged ? iso(pull.closedDate ?? pull.updatedDate) : undefined,
      "properties.description": pull.description,
      "properties.state": pull.state,
      "properties.owner": shownName(pull.author.user),
      "properties.link": `${base}/projects/${project.key}/repos/${slug}/pull-requests/${pull.id}`,
      "properties.destination": pull.toRef.displayId,
      "properties.source": pull.fromRef.displayId,
      "properties.reviewers": pull.reviewers.map(({ user }) => shownName(user)),
      "properties.merge_commit": pull.mergeCommit ?? pull.fromRef.latestCommit,
      "relations.repository": `${project.key}/${slug}`,
      "relations.participants": [...new Set(pull.participants.map(({ user }) => identityOf(user)))].sort(),
    },
  };
}

/** Owner and reviewers are texts: e-mail address, else display name, else name. */
function shownName(user: User): string {
  return user.emailAddress || user.displayName || user.name;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
