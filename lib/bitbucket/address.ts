import { decode } from "./percent.ts";

/** Where an object lives in Bitbucket. Project keys keep their case; compare with `sameAddress`. */
export type Address =
  | { readonly kind: "project"; readonly key: string }
  | { readonly kind: "repository"; readonly key: string; readonly slug: string }
  | { readonly kind: "pull-request"; readonly key: string; readonly slug: string; readonly id: number };

/** A user, by slug. */
export interface UserAddress {
  readonly kind: "user";
  readonly slug: string;
}

/** Whatever Bitbucket can be asked for. */
export type Place = Address | UserAddress;

export type RepositoryAddress = Extract<Address, { kind: "repository" }>;
export type PullRequestAddress = Extract<Address, { kind: "pull-request" }>;

/** One text for one address, e.g. `pull-request:KEY/slug/7`. Bitbucket does not tell upper from lower case. */
export function addressName(address: Place): string {
  if (address.kind === "user") return `user:${address.slug.toLowerCase()}`;
  const key = address.key.toLowerCase();
  if (address.kind === "project") return `project:${key}`;
  const repository = `${key}/${address.slug.toLowerCase()}`;
  return address.kind === "repository"
    ? `repository:${repository}`
    : `pull-request:${repository}/${address.id}`;
}

export function sameAddress(a: Place, b: Place): boolean {
  return addressName(a) === addressName(b);
}

/** True when `inner` is the address itself or lies beneath it (a pull request in its repository or project). */
export function within(outer: Place, inner: Place): boolean {
  if (sameAddress(outer, inner)) return true;
  if (outer.kind === "user" || outer.kind === inner.kind) return false;
  return pathOf(inner).startsWith(`${pathOf(outer)}/`);
}

function pathOf(address: Place): string {
  return addressName(address).slice(address.kind.length + 1);
}

/** A web link taken apart: the Bitbucket that it belongs to (scheme, host, context path) and the object. */
export interface ParsedLink {
  readonly base: string;
  readonly address: Address;
}

const linkPattern =
  /^(.*?)\/(?:projects\/([^/]+)|users\/([^/]+))(?:\/repos\/([^/]+)(?:\/pull-requests\/(\d+)(?:\/.*)?|\/browse(?:\/.*)?)?)?\/?$/;

/**
 * Reads the web link of a project, repository or pull request. `/users/x/repos/…` is the form of personal
 * projects (`~x`). Undefined for any other link; `/users/x` alone is a user's page, and a project's only where the
 * link is known to be one's.
 */
export function parseLink(link: unknown, kind?: string): ParsedLink | undefined {
  if (typeof link !== "string" || !URL.canParse(link)) return undefined;
  const url = new URL(link);
  const match = linkPattern.exec(url.pathname);
  if (match === null) return undefined;
  const [, context = "", projectKey, user, slug, id] = match.map((part) => part && decode(part));
  const isPersonal = slug !== undefined || kind === "project";
  const key = projectKey ?? (isPersonal ? `~${user}` : undefined);
  if (key === undefined) return undefined;
  const base = `${url.protocol}//${url.host}${context}`.toLowerCase();
  if (slug === undefined) return { base, address: { kind: "project", key } };
  if (id === undefined) return { base, address: { kind: "repository", key, slug } };
  return { base, address: { kind: "pull-request", key, slug, id: Number(id) } };
}

/** What a web link leads to, where it is known to belong to an object of this kind. */
export function parseLinkOf(
  kind: Place["kind"],
  link: unknown,
): { readonly base: string; readonly address: Place } | undefined {
  if (kind === "user") {
    const user = parseUserLink(link);
    return user && { base: user.base, address: { kind, slug: user.slug } };
  }
  const parsed = parseLink(link, kind);
  return parsed?.address.kind === kind ? parsed : undefined;
}

/** The Bitbucket and the slug in the link of a user's page; undefined for any other link. */
export function parseUserLink(link: unknown): { readonly base: string; readonly slug: string } | undefined {
  if (typeof link !== "string" || !URL.canParse(link)) return undefined;
  const url = new URL(link);
  const [, context = "", slug] = /^(.*?)\/users\/([^/]+)\/?$/.exec(url.pathname) ?? [];
  if (slug === undefined) return undefined;
  return { base: `${url.protocol}//${url.host}${context}`.toLowerCase(), slug: decode(slug) };
}
