import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { epochMs } from "../time.ts";
import type { Address, PullRequestAddress, RepositoryAddress } from "./address.ts";

/**
 * The kinds of source objects, in the order in which their entities can be written: an entity's relations point
 * to kinds before its own (a project is nobody's dependent, a pull request depends on all of them).
 */
export const kinds = ["user", "project", "repository", "pull-request"] as const;
export type Kind = (typeof kinds)[number];

/** Reads a field of a JSON object, undefined when there is no such object. */
export function field(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}

export function textField(value: Json | undefined, name: string): string | undefined {
  const text = field(value, name);
  return typeof text === "string" && text !== "" ? text : undefined;
}

/** The address of a project object; undefined when its key is missing. */
export function projectAddress(project: Json | undefined): Extract<Address, { kind: "project" }> | undefined {
  const key = textField(project, "key");
  return key === undefined ? undefined : { kind: "project", key };
}

/** The address of a repository object; undefined when its slug or its project's key is missing. */
export function repositoryAddress(repository: Json | undefined): RepositoryAddress | undefined {
  const slug = textField(repository, "slug");
  const key = textField(field(repository, "project"), "key");
  return slug === undefined || key === undefined ? undefined : { kind: "repository", key, slug };
}

/** The address of a pull request object: it belongs to the repository that it wants to be merged into. */
export function pullRequestAddress(pullRequest: Json | undefined): PullRequestAddress | undefined {
  const repository = repositoryAddress(field(field(pullRequest, "toRef"), "repository"));
  const id = field(pullRequest, "id");
  if (repository === undefined || typeof id !== "number" || !Number.isSafeInteger(id)) return undefined;
  return { ...repository, kind: "pull-request", id };
}

/** The address that an object of a kind shows as its own; undefined when it does not show it whole. */
export function objectAddress(kind: Address["kind"], object: Json | undefined): Address | undefined {
  if (kind === "project") return projectAddress(object);
  return kind === "repository" ? repositoryAddress(object) : pullRequestAddress(object);
}

/** An object's own web link, `links.self[0].href`. */
export function selfLink(object: Json | undefined): string | undefined {
  const self = field(field(object, "links"), "self");
  return Array.isArray(self) ? textField(self[0], "href") : undefined;
}

/** Whether JSON text may have dates as ISO strings: a quick look that saves walking through large listings. */
export function hasTextDates(json: string): boolean {
  return /(?:Date|Timestamp)"\s*:\s*"/.test(json);
}

/**
 * The same object with every date as epoch ms, as Bitbucket sends them up to 9.x (10.x sends ISO strings), so that
 * a mapping sees one form.
 */
export function withEpochDates(value: JsonObject): JsonObject {
  return convert(value) as JsonObject;
}

/** Deeper than any object of Bitbucket goes: what lies beneath stays as it is. */
const deepest = 200;

function convert(value: Json, name = "", level = 0): Json {
  if (level > deepest) return value;
  if (Array.isArray(value)) return value.map((item) => convert(item, "", level + 1));
  if (isJsonObject(value)) {
    const entries = Object.entries(value).map(
      ([key, inner]) => [key, convert(inner, key, level + 1)] as const,
    );
    return Object.fromEntries(entries);
  }
  return typeof value === "string" && /(Date|Timestamp)$/.test(name) ? (epochMs(value) ?? value) : value;
}

/** As little of an object as identifies it, for one that is known by its address only. */
export function bareObject(address: Address): JsonObject {
  const project = { key: address.key };
  if (address.kind === "project") return project;
  const repository = { slug: address.slug, project };
  return address.kind === "repository" ? repository : { id: address.id, toRef: { repository } };
}
