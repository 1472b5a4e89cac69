import { addProject, addRepository, hash, slugOf } from "./building.ts";
import { commitJson, type Json, projectJson, repositoryJson } from "./json.ts";
import type { Project, Repository } from "./model.ts";
import { payload, project, repository, type Workshop } from "./mutation-support.ts";
import type { WebhookPayload } from "./types.ts";

export type RepositoryChange = Partial<Pick<Repository, "description" | "public" | "forkable" | "archived">>;
export type ProjectChange = Partial<Pick<Project, "key" | "name" | "description" | "public">>;
export type RepositoryMutators = ReturnType<typeof repositoryMutators>;

/** Changes to projects and repositories. Each returns what Bitbucket would send, which for some is nothing. */
export function repositoryMutators(workshop: Workshop) {
  /** Bitbucket shows the old values with the links of the new ones. */
  function modified(eventKey: string, old: Json, now: Json): WebhookPayload {
    const links = now["links"] === undefined ? {} : { links: now["links"] };
    return payload(workshop, eventKey, workshop.tick(), { old: { ...old, ...links }, new: now });
  }

  function changeRepository(target: Repository, change: () => void): WebhookPayload {
    const old = repositoryJson(target, workshop.look());
    target.project.repositories.delete(target.slug);
    change();
    target.project.repositories.set(target.slug, target);
    return modified("repo:modified", old, repositoryJson(target, workshop.look()));
  }

  return {
    createRepository(key: string, values: { readonly name: string } & Partial<Repository>): Repository {
      return addRepository(workshop.data, project(workshop, key), values);
    },

    forkRepository(key: string, slug: string, intoKey: string): WebhookPayload {
      const origin = repository(workshop, key, slug);
      const { name, commits, files } = origin;
      const values = { name, origin, commits: [...commits], files: new Map(files) };
      const fork = addRepository(workshop.data, project(workshop, intoKey), values);
      const forked = { repository: repositoryJson(fork, workshop.look()) };
      return payload(workshop, "repo:forked", workshop.tick(), forked);
    },

    updateRepository(key: string, slug: string, change: RepositoryChange): WebhookPayload {
      const target = repository(workshop, key, slug);
      return changeRepository(target, () => Object.assign(target, change));
    },

    renameRepository(key: string, slug: string, name: string): WebhookPayload {
      const target = repository(workshop, key, slug);
      return changeRepository(target, () => Object.assign(target, { name, slug: slugOf(name) }));
    },

    moveRepository(key: string, slug: string, intoKey: string): WebhookPayload {
      const target = repository(workshop, key, slug);
      const into = project(workshop, intoKey);
      return changeRepository(target, () => {
        target.project = into;
      });
    },

    /** Bitbucket tells nobody. */
    deleteRepository(key: string, slug: string): void {
      const target = repository(workshop, key, slug);
      target.project.repositories.delete(target.slug);
    },

    createProject(values: { readonly key: string; readonly name: string } & Partial<Project>): Project {
      return addProject(workshop.data, values);
    },

    /** Another name, another key, or both. */
    updateProject(key: string, change: ProjectChange): WebhookPayload {
      const target = project(workshop, key);
      const old = projectJson(target, workshop.look());
      workshop.data.projects.delete(target.key.toUpperCase());
      Object.assign(target, change);
      workshop.data.projects.set(target.key.toUpperCase(), target);
      return modified("project:modified", old, projectJson(target, workshop.look()));
    },

    /** Bitbucket tells nobody. */
    deleteProject(key: string): void {
      workshop.data.projects.delete(project(workshop, key).key.toUpperCase());
    },

    /** A commit on the default branch, by the first user. */
    push(key: string, slug: string, message = "Go on"): WebhookPayload {
      const target = repository(workshop, key, slug);
      const before = target.commits[0]?.id;
      const at = workshop.tick();
      const id = hash(`${target.id} ${before} ${at}`);
      const author = workshop.data.users[0] ?? { name: "somebody", emailAddress: "somebody@example.org" };
      const commit = { id, message, author, timestamp: at };
      target.commits = [commit, ...target.commits];
      const look = workshop.look();
      const refId = `refs/heads/${target.defaultBranch}`;
      const ref = { id: refId, displayId: target.defaultBranch, type: "BRANCH" };
      const fromHash = before ?? "0".repeat(40);
      const change = { ref, refId, fromHash, toHash: id, type: before === undefined ? "ADD" : "UPDATE" };
      const toCommit = commitJson(commit, before, look);
      const rest = { changes: [change], commits: [toCommit], toCommit };
      return payload(workshop, "repo:refs_changed", at, {
        repository: repositoryJson(target, look),
        ...rest,
      });
    },
  };
}
