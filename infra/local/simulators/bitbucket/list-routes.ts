import type { Answer } from "../http.ts";
import { spoiled } from "./broken.ts";
import { type Context, ok } from "./context.ts";
import { projectJson, pullRequestJson, repositoryJson } from "./json.ts";
import type { PullRequest, Ref, Repository } from "./model.ts";
import { page } from "./paging.ts";
import { badRequest, refused } from "./refusals.ts";
import { buildNumber, isAtLeast, knownEvents } from "./versions.ts";
import { projectOf, repositoryOf, shown, visible } from "./whereabouts.ts";

export function applicationProperties({ settings }: Context): Answer {
  const { version } = settings;
  return ok({
    version,
    buildNumber: buildNumber(version),
    buildDate: "1728000000000",
    displayName: "Bitbucket",
  });
}

export function capabilities({ settings }: Context): Answer {
  const extra = isAtLeast(settings.version, "8.8") ? ["project:created", "repo:created", "repo:deleted"] : [];
  return ok({ events: [...knownEvents(settings.version), ...extra] });
}

export function listProjects(context: Context): Answer {
  const name = (context.request.search.get("name") ?? "").toLowerCase();
  const projects = [...context.data.projects.values()].filter(
    (project) =>
      project.type === "NORMAL" && project.name.toLowerCase().includes(name) && visible(context, project),
  );
  return page(context, projects, (project) => projectJson(project, context.style));
}

export function getProject(context: Context, key: string): Answer {
  return ok(projectJson(projectOf(context, key), context.style));
}

export function listRepositories(context: Context, key: string): Answer {
  const all = [...projectOf(context, key).repositories.values()];
  const repositories = all.filter((repository) => shown(context, repository));
  return page(context, repositories, (repository) => repositoryJson(repository, context.style));
}

/** Of all projects, personal ones too, in the order in which they were made. */
export function listAllRepositories(context: Context): Answer {
  const all = [...context.data.projects.values()].flatMap(({ repositories }) => [...repositories.values()]);
  const repositories = all.filter((repository) => shown(context, repository)).toSorted((a, b) => a.id - b.id);
  return page(context, repositories, (repository) => repositoryJson(repository, context.style));
}

export function getRepository(context: Context, key: string, slug: string): Answer {
  const repository = repositoryOf(context, key, slug);
  return spoiled(context, repository, "object", () => ok(repositoryJson(repository, context.style)));
}

/** Outgoing ones into other repositories are not looked for. */
export function listPullRequests(context: Context, key: string, slug: string): Answer {
  const repository = repositoryOf(context, key, slug);
  return spoiled(context, repository, "pullRequests", () => pullRequests(context, repository));
}

function pullRequests(context: Context, repository: Repository): Answer {
  const state = oneOf(context, "state", ["OPEN", "ALL", "MERGED", "DECLINED"]);
  const order = oneOf(context, "order", ["NEWEST", "OLDEST"]);
  const direction = oneOf(context, "direction", ["INCOMING", "OUTGOING"]);
  const at = context.request.search.get("at");
  const plain = direction === "INCOMING" && at === null;
  const fits = (ref: Ref) => ref.repository === repository && (at === null || at === ref.id);
  const wanted: PullRequest[] = [];
  for (const pull of repository.pullRequests.values()) {
    if (state !== "ALL" && pull.state !== state) continue;
    if (plain || fits(direction === "INCOMING" ? pull.toRef : pull.fromRef)) wanted.push(pull);
  }
  if (order === "NEWEST") wanted.reverse();
  return page(context, wanted, (pull) => pullRequestJson(pull, context.style));
}

export function getPullRequest(context: Context, key: string, slug: string, id: string): Answer {
  const repository = repositoryOf(context, key, slug);
  return spoiled(context, repository, "pullRequest", () => {
    const pull = repository.pullRequests.get(Number(id));
    if (pull !== undefined) return ok(pullRequestJson(pull, context.style));
    const message = `No pull request exists with ID ${id} for this repository.`;
    throw refused(404, message, "pull.NoSuchPullRequestException");
  });
}

/** A parameter with a fixed set of values; the first is the default. */
function oneOf(context: Context, name: string, values: readonly string[]): string | undefined {
  const value = (context.request.search.get(name) ?? values[0])?.toUpperCase();
  if (value === undefined || !values.includes(value))
    throw badRequest(`${value} is not a valid ${name}`, name);
  return value;
}
