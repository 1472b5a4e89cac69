import { type BitbucketData, demoData, type User } from "../../infra/local/simulators/bitbucket/server.ts";
import type { Catalog, ExpectedEntity } from "../world/catalog.ts";
import { keyOf } from "../world/catalog.ts";

/**
 * A Bitbucket as Port's guide takes it for granted: no two repositories have one slug, and no two pull requests one
 * number. Two projects, two repositories each (`app-1` and `app-2`, `shop-1` and `shop-2`), two pull requests in each:
 * 11 and 12, 21 and 22, and so on.
 */
export function distinctData(): BitbucketData {
  const data = demoData({ projects: 2, repositoriesPerProject: 2, pullRequestsPerRepository: 2, users: 3 });
  // A fork has its origin's name.
  for (const key of data.projects.keys()) if (key.startsWith("~")) data.projects.delete(key);
  let at = 0;
  for (const [key, { repositories }] of data.projects) {
    for (const [index, repository] of [...repositories.values()].entries()) {
      repositories.delete(repository.slug);
      const slug = `${key === "MOPP" ? "app" : "shop"}-${index + 1}`;
      Object.assign(repository, { slug, name: slug });
      repositories.set(slug, repository);
      at++;
      const pulls = [...repository.pullRequests.values()];
      repository.pullRequests.clear();
      for (const [number, pull] of pulls.entries()) {
        const later = at * 1_234_000;
        const { createdDate, updatedDate, closedDate } = pull;
        const id = at * 10 + number + 1;
        const dates = { createdDate: createdDate + later, updatedDate: updatedDate + later };
        const closed = closedDate === undefined ? {} : { closedDate: closedDate + later };
        repository.pullRequests.set(id, Object.assign(pull, { id, ...dates, ...closed }));
      }
    }
  }
  return data;
}

/** The catalog by the `port-docs` mapping's contract, worked out by code of its own. @param base what links start with */
export function guideCatalog(data: BitbucketData, base: string): Catalog {
  const catalog: Catalog = new Map();
  const add = (blueprint: string, identifier: string, fields: ExpectedEntity["fields"], optional = false) =>
    catalog.set(keyOf({ blueprint, identifier }), {
      blueprint,
      identifier,
      object: identifier,
      optional,
      fields,
    });
  const addUser = (user: User, optional: boolean) =>
    add(
      "bitbucketUser",
      (user.emailAddress || user.slug).replaceAll(/[^\w@.+-]/g, "_"),
      {
        title: user.displayName,
        "properties.username": user.name,
        "properties.url": `${base}/users/${user.slug}`,
      },
      optional,
    );
  for (const {
    key,
    name,
    public: isPublic,
    description,
    type,
    owner,
    repositories,
  } of data.projects.values()) {
    const home = `${base}/${owner === undefined ? `projects/${key}` : `users/${owner.slug}`}`;
    const link = { "properties.link": home };
    const project = { title: name, "properties.public": isPublic, "properties.type": type, ...link };
    // No listing shows a personal project.
    add("bitbucketProject", key, { ...project, "properties.description": description }, owner !== undefined);
    for (const repository of repositories.values()) {
      const [commit] = repository.commits;
      const place = `${home}/repos/${repository.slug}`;
      if (commit !== undefined && "id" in commit.author) addUser(commit.author, true);
      add("bitbucketRepository", repository.slug, {
        title: repository.name,
        "properties.description": repository.description,
        "properties.state": "AVAILABLE",
        "properties.forkable": repository.forkable,
        "properties.public": repository.public,
        "properties.link": `${place}/browse`,
        "properties.documentation": textOf(repository.files.get("README.md")?.toString()),
        "relations.project": key,
        "relations.latestCommitAuthor":
          commit !== undefined && "id" in commit.author ? commit.author.emailAddress : undefined,
      });
      for (const pull of repository.pullRequests.values()) {
        const people = [pull.author, ...pull.reviewers, ...pull.participants].map(({ user }) => user);
        for (const user of people) addUser(user, true);
        const seconds = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, "Z");
        const mails = (those: readonly { user: User }[]) =>
          those.flatMap(({ user }) => user.emailAddress ?? []).toSorted();
        add("bitbucketPullrequest", String(pull.id), {
          title: pull.title,
          "properties.created_on": seconds(pull.createdDate),
          "properties.updated_on": seconds(pull.updatedDate),
          "properties.merge_commit": pull.fromRef.latestCommit,
          "properties.state": pull.state,
          "properties.owner": pull.author.user.displayName,
          "properties.link": `${place}/pull-requests/${pull.id}`,
          "properties.destination": pull.toRef.displayId,
          "properties.source": pull.fromRef.displayId,
          "properties.participants": mails(pull.participants),
          "properties.reviewers": mails(pull.reviewers),
          "relations.repository": repository.slug,
        });
      }
    }
  }
  for (const user of data.users) addUser(user, false);
  return catalog;
}

function textOf(content: string | Uint8Array | object | undefined): string | undefined {
  return typeof content === "string" ? content : undefined;
}
