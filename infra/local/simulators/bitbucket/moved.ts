import type { Context } from "./context.ts";
import { home } from "./json-links.ts";
import type { Project, Repository } from "./model.ts";
import { redirected, refused } from "./refusals.ts";

/** What an address says from which a project has moved; undefined = the same as where nothing ever was. */
export function projectMoved(context: Context, project: Project): Error | undefined {
  switch (context.settings.moved) {
    case "302":
      return redirected(restAddress(context, [project.key], 2));
    case "302-web":
      return redirected(context.style.base + home(project));
    case "500":
      return refused(500, `Project ${project.key} has moved.`, "project.ProjectMovedException");
    default:
      return undefined;
  }
}

/** The same for a repository, and for all that lies in it. */
export function repositoryMoved(context: Context, repository: Repository): Error | undefined {
  const { project, slug } = repository;
  switch (context.settings.moved) {
    case "302":
      return redirected(restAddress(context, [project.key, "repos", slug], 4));
    case "302-web":
      return redirected(`${context.style.base}${home(project)}/repos/${slug}/${webPage(context)}`);
    case "500":
      return refused(
        500,
        `Repository ${project.key}/${slug} has moved.`,
        "repository.RepositoryMovedException",
      );
    default:
      return undefined;
  }
}

/** The address that was asked for, with the names of today in place of its first segments. */
function restAddress({ style, request }: Context, today: readonly string[], inPlaceOf: number): string {
  const rest = below(request.call.path).slice(inPlaceOf);
  const path = ["projects", ...today.map(encodeURIComponent), ...rest].join("/");
  return `${style.base}/rest/api/1.0/${path}${queryOf(request.search)}`;
}

function webPage({ request }: Context): string {
  const [, , , , what, id] = below(request.call.path);
  return what === "pull-requests" && id !== undefined ? `${what}/${id}` : "browse";
}

/** The segments from `projects` on, still percent-encoded. */
function below(path: string): string[] {
  const segments = path.split("/");
  return segments.slice(segments.indexOf("projects"));
}

function queryOf(search: URLSearchParams): string {
  return search.size === 0 ? "" : `?${search}`;
}
