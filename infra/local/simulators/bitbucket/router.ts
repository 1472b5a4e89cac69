import type { Answer } from "../http.ts";
import { branchesDefault, defaultBranch, listBranches } from "./branch-routes.ts";
import { browse } from "./browse-routes.ts";
import { listChanges } from "./changes-routes.ts";
import { listCommits, listFiles, raw } from "./content-routes.ts";
import type { Context, Route } from "./context.ts";
import {
  applicationProperties,
  capabilities,
  getProject,
  getPullRequest,
  getRepository,
  listAllRepositories,
  listProjects,
  listPullRequests,
  listRepositories,
} from "./list-routes.ts";
import { noSuchAddress } from "./refusals.ts";
import { getUser, listAdminUsers, listUsers, whoAmI } from "./user-routes.ts";
import { projectWebhooks, repositoryWebhooks } from "./webhook-routes.ts";

const repository = "projects/*/repos/*";

/** `*` is one segment, `**` all that remain. */
const routes: Readonly<Record<string, Route>> = {
  "GET application-properties": applicationProperties,
  "GET webhooks/capabilities": capabilities,
  "GET projects": listProjects,
  "GET projects/*": getProject,
  "GET projects/*/repos": listRepositories,
  [`GET ${repository}`]: getRepository,
  "GET repos": listAllRepositories,
  "GET users": listUsers,
  "GET users/*": getUser,
  "GET admin/users": listAdminUsers,
  [`GET ${repository}/pull-requests`]: listPullRequests,
  [`GET ${repository}/pull-requests/*`]: getPullRequest,
  [`GET ${repository}/commits`]: listCommits,
  [`GET ${repository}/default-branch`]: defaultBranch,
  [`GET ${repository}/branches/default`]: branchesDefault,
  [`GET ${repository}/branches`]: listBranches,
  [`GET ${repository}/changes`]: listChanges,
  [`GET ${repository}/files`]: listFiles,
  [`GET ${repository}/files/**`]: listFiles,
  [`GET ${repository}/browse`]: browse,
  [`GET ${repository}/browse/**`]: browse,
  [`GET ${repository}/raw/**`]: raw,
  ...webhookRoutes("projects/*/webhooks", projectWebhooks),
  ...webhookRoutes(`${repository}/webhooks`, repositoryWebhooks),
};

function webhookRoutes(path: string, { list, get, create, replace, remove }: typeof projectWebhooks) {
  const one = `${path}/*`;
  const many = { [`GET ${path}`]: list, [`POST ${path}`]: create };
  return { ...many, [`GET ${one}`]: get, [`PUT ${one}`]: replace, [`DELETE ${one}`]: remove };
}

const patterns = Object.entries(routes).map(([name, route]) => {
  const [method = "", path = ""] = name.split(" ");
  return { method, segments: path.split("/"), route };
});

/** The segments below the context path, or undefined when the path is not below it. */
function belowContext(segments: readonly string[], contextPath: string): readonly string[] | undefined {
  const prefix = contextPath.split("/").filter((segment) => segment !== "");
  return prefix.every((segment, at) => segment === segments[at]) ? segments.slice(prefix.length) : undefined;
}

/** The segments below the API's root, or undefined when the path is not below it. */
function belowApi(segments: readonly string[] | undefined): readonly string[] | undefined {
  const [rest, api, version, ...path] = segments ?? [];
  if (rest === "rest" && api === "webhooks") return ["webhooks", ...path];
  return rest === "rest" && api === "api" && (version === "1.0" || version === "latest") ? path : undefined;
}

/** How a call comes in: `enter` is asked for the login where one is needed, `name` says whose it is. */
export type Entrance = { readonly enter: () => Context["login"]; readonly name: () => string | undefined };

/** Finds the route of a call and lets it answer. */
export function routed(
  context: Omit<Context, "login">,
  contextPath: string,
  { enter, name }: Entrance,
): Answer {
  const { call, segments } = context.request;
  const inside = belowContext(segments, contextPath);
  if (inside?.join("/") === "plugins/servlet/applinks/whoami") return whoAmI(name());
  const path = belowApi(inside);
  if (path === undefined) throw noSuchAddress(call.path);
  if (path.join("/") === "application-properties")
    return applicationProperties({ ...context, login: "none" });
  const login = enter();
  const style = { ...context.style, emails: login !== "anonymous" };
  const full: Context = { ...context, style, login };
  for (const pattern of patterns) {
    const parameters = call.method === pattern.method ? match(pattern.segments, path) : undefined;
    if (parameters !== undefined) return pattern.route(full, ...parameters);
  }
  throw noSuchAddress(call.path);
}

function match(pattern: readonly string[], path: readonly string[]): string[] | undefined {
  const open = pattern.at(-1) === "**";
  if (open ? path.length < pattern.length : path.length !== pattern.length) return undefined;
  const parameters: string[] = [];
  for (const [at, segment] of pattern.entries()) {
    if (segment === "**") parameters.push(path.slice(at).join("/"));
    else if (segment === "*") parameters.push(path[at] ?? "");
    else if (segment !== path[at]) return undefined;
  }
  return parameters;
}
