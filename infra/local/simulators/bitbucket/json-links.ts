import type { Json, JsonStyle } from "./json-style.ts";
import type { Project, Repository } from "./model.ts";

/** The links of a repository. */
export function repositoryLinks({ project, slug }: Repository, style: JsonStyle): Json {
  if (!style.links) return {};
  const { base } = style;
  const path = `${project.key.toLowerCase()}/${slug}.git`;
  const ssh = { href: `ssh://git@${new URL(base).hostname}:7999/${path}`, name: "ssh" };
  const http = { href: `${base}/scm/${path}`, name: "http" };
  return { links: { clone: [ssh, http], self: [{ href: `${base}${home(project)}/repos/${slug}/browse` }] } };
}

/** Where a project lives in the web interface; a personal one lives with its owner. */
export function home(project: Project): string {
  return project.owner === undefined ? `/projects/${project.key}` : `/users/${project.owner.slug}`;
}

export function self(style: JsonStyle, path: string): Json {
  return style.links ? { links: { self: [{ href: style.base + path }] } } : {};
}
