import type { Answer, Request } from "../http.ts";
import type { Look } from "./json.ts";
import { type BitbucketData, findProject, findRepository, type Project, type Repository } from "./model.ts";
import { refused } from "./refusals.ts";
import type { BitbucketSimulatorOptions } from "./types.ts";

export type Settings = Required<
  Pick<BitbucketSimulatorOptions, "version" | "pageCap" | "pageGaps" | "adminUsers" | "maskSecrets" | "now">
>;

/** What every route works with. `login` is how the caller came in. */
export type Context = {
  readonly data: BitbucketData;
  readonly settings: Settings;
  readonly look: Look;
  readonly request: Request;
  readonly login: "basic" | "bearer" | "none";
};

/** `parameters` are those of the path, in order; the last may span several segments. */
export type Route = (context: Context, ...parameters: string[]) => Answer;

export function ok(body: unknown, status = 200): Answer {
  return { status, body };
}

export function projectOf({ data }: Context, key: string): Project {
  const project = findProject(data, key);
  if (project === undefined)
    throw refused(404, `Project ${key} does not exist.`, "project.NoSuchProjectException");
  return project;
}

export function repositoryOf(context: Context, key: string, slug: string): Repository {
  projectOf(context, key);
  const repository = findRepository(context.data, key, slug);
  if (repository !== undefined) return repository;
  throw refused(404, `Repository ${key}/${slug} does not exist.`, "repository.NoSuchRepositoryException");
}
