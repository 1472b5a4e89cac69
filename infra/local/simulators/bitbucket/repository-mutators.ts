import { addRepository, type NewRepository, slugOf } from "./building.ts";
import { copyOf } from "./git.ts";
import { repositoryJson, type WebhookPayload } from "./json.ts";
import type { Project, Repository } from "./model.ts";
import { modified, payload, project, repository, type Workshop } from "./mutation-support.ts";
import { forgetRepository, rememberRepository, repositoryAddressTaken } from "./old-addresses.ts";
import { refused } from "./refusals.ts";

export type RepositoryChange = Partial<Pick<Repository, "description" | "public" | "forkable" | "archived">>;
export type { NewRepository } from "./building.ts";
export type RepositoryMutators = ReturnType<typeof repositoryMutators>;

type Change = RepositoryChange & Partial<Pick<Repository, "name" | "slug" | "project">>;

/** Changes to projects and repositories. Each returns what Bitbucket would send, which for some is nothing. */
export function repositoryMutators(workshop: Workshop) {
  const { data } = workshop;

  /** Puts a repository elsewhere; it goes on answering at the address that it had, until another takes that. */
  function changeRepository(target: Repository, change: Change): WebhookPayload {
    const { slug, project: at } = target;
    const { slug: newSlug = slug, project: newAt = at } = change;
    const old = repositoryJson(target, workshop.style());
    const moves = newSlug !== slug || newAt !== at;
    if (moves) checkFree(newAt, newSlug);
    at.repositories.delete(slug);
    if (moves) rememberRepository(data, at, target);
    Object.assign(target, change);
    settle(target);
    return modified(workshop, "repo:modified", old, repositoryJson(target, workshop.style()));
  }

  function settle(target: Repository): void {
    repositoryAddressTaken(data, target.project, target.slug);
    target.project.repositories.set(target.slug, target);
  }

  function added(key: string, values: NewRepository): Repository {
    const into = project(workshop, key);
    checkFree(into, values.slug ?? slugOf(values.name));
    const repository = addRepository(data, into, values);
    settle(repository);
    return repository;
  }

  return {
    createRepository: added,

    forkRepository(key: string, slug: string, intoKey: string): WebhookPayload {
      const origin = repository(workshop, key, slug);
      const { name, git, defaultBranch } = origin;
      const fork = added(intoKey, { name, origin, git: copyOf(git), defaultBranch });
      const forked = { repository: repositoryJson(fork, workshop.style()) };
      return payload(workshop, "repo:forked", workshop.tick(), forked);
    },

    updateRepository(key: string, slug: string, change: RepositoryChange): WebhookPayload {
      return changeRepository(repository(workshop, key, slug), change);
    },

    renameRepository(key: string, slug: string, name: string): WebhookPayload {
      return changeRepository(repository(workshop, key, slug), { name, slug: slugOf(name) });
    },

    moveRepository(key: string, slug: string, intoKey: string): WebhookPayload {
      return changeRepository(repository(workshop, key, slug), { project: project(workshop, intoKey) });
    },

    /** Bitbucket tells nobody. */
    deleteRepository(key: string, slug: string): void {
      const target = repository(workshop, key, slug);
      target.project.repositories.delete(target.slug);
      forgetRepository(data, target);
    },
  };
}

function checkFree(into: Project, slug: string): void {
  if (!into.repositories.has(slug)) return;
  throw refused(409, `${into.key}/${slug} is taken.`, "repository.DuplicateRepositoryNameException");
}
