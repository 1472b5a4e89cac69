import type { Context } from "./context.ts";
import { notPermitted } from "./gate.ts";
import { findProject, findRepository, type Project, type Repository } from "./model.ts";
import { projectMoved, repositoryMoved } from "./moved.ts";
import { refused } from "./refusals.ts";

/** The project at an address, or what Bitbucket says of one that has moved, is hidden or never was. */
export function projectOf(context: Context, key: string): Project {
  const { data } = context;
  const project = findProject(data, key);
  if (project !== undefined) return visible(context, project) ? project : hidden(context, noSuchProject(key));
  const moved = data.old.projects.get(key.toUpperCase());
  if (moved === undefined || !visible(context, moved)) throw noSuchProject(key);
  if (context.settings.moved === "follow") return moved;
  throw projectMoved(context, moved) ?? noSuchProject(key);
}

export function repositoryOf(context: Context, key: string, slug: string): Repository {
  const { data } = context;
  const project = projectOf(context, key);
  const missing = noSuchRepository(key, slug);
  const repository = findRepository(data, project.key, slug);
  if (repository !== undefined) return shown(context, repository) ? repository : hidden(context, missing);
  const moved = data.old.repositories.get(project)?.get(slug.toLowerCase());
  if (moved === undefined || !shown(context, moved)) throw missing;
  if (context.settings.moved === "follow") return moved;
  throw repositoryMoved(context, moved) ?? missing;
}

/** Whoever is not logged in sees what is public, and projects for the sake of what is public in them. */
export function visible({ login }: Context, project: Project): boolean {
  const isOpen = (repository: Repository) => repository.public;
  return login !== "anonymous" || project.public || [...project.repositories.values()].some(isOpen);
}

export function shown({ login }: Context, { project, public: isPublic }: Repository): boolean {
  return login !== "anonymous" || project.public || isPublic;
}

function hidden({ settings }: Context, missing: Error): never {
  throw settings.hidden === "401" ? notPermitted() : missing;
}

function noSuchProject(key: string): Error {
  return refused(404, `Project ${key} does not exist.`, "project.NoSuchProjectException");
}

function noSuchRepository(key: string, slug: string): Error {
  return refused(404, `Repository ${key}/${slug} does not exist.`, "repository.NoSuchRepositoryException");
}
