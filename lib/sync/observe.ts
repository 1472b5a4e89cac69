import type { Address } from "../bitbucket/address.ts";
import { field, type Kind, repositoryAddress, textField } from "../bitbucket/objects.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { epochMs } from "../time.ts";
import type { Candidate, Version } from "./candidate.ts";

/** An object of Bitbucket, seen in an event or read back, that some entity is to show. */
export interface SourceObject {
  readonly kind: Kind;
  readonly object: JsonObject;
  readonly intent: Candidate["intent"];
  readonly version: Version;
  readonly address?: Address;
  readonly createdDate?: number | undefined;
  readonly sources: readonly number[];
}

/**
 * An object of Bitbucket, to be shown as it is, with everything that it relates to.
 * @param sources the messages (or positions in a listing) that it comes from
 */
export function observeObject(
  address: Address,
  object: JsonObject,
  seen: Version,
  sources: readonly number[] = [seen.order],
): SourceObject[] {
  if (address.kind === "pull-request") return observePullRequest(object, address, seen, sources);
  if (address.kind === "repository") {
    return [...observeRepository(object, "write", seen, sources), ...projectOf(object, seen, sources)];
  }
  return [{ kind: "project", object, intent: "write", version: seen, address, sources }];
}

/** A pull request as Bitbucket shows it, with everything that it relates to. */
export function observePullRequest(
  object: JsonObject,
  address: Address,
  seen: Version,
  sources: readonly number[] = [seen.order],
): SourceObject[] {
  const own = { updated: epochMs(object["updatedDate"]), revision: numberField(object, "version") };
  const repository = field(field(object, "toRef"), "repository");
  const participants = [object["author"], ...list(object["reviewers"]), ...list(object["participants"])];
  const createdDate = epochMs(object["createdDate"]);
  return [
    {
      kind: "pull-request",
      object,
      intent: "write",
      version: { ...seen, ...own },
      address,
      createdDate,
      sources,
    },
    ...(isJsonObject(repository)
      ? [...observeRepository(repository, "ensure", seen, sources), ...projectOf(repository, seen, sources)]
      : []),
    ...participants.flatMap((participant) => userOf(field(participant, "user"), seen, sources)),
  ];
}

/** A repository object, with the author of its latest commit where it shows one. */
export function observeRepository(
  object: JsonObject,
  intent: SourceObject["intent"],
  seen: Version,
  sources: readonly number[] = [seen.order],
): SourceObject[] {
  const address = repositoryAddress(object);
  if (address === undefined) return [];
  const commit = field(object, "__latestCommit");
  // Only an author whom Bitbucket knows is a user; others are no more than a name in a commit.
  const author = field(commit, "author");
  const users = textField(author, "slug") === undefined ? [] : userOf(author, seen, sources);
  return [{ kind: "repository", object, intent, version: seen, address, sources }, ...users];
}

/** The project of a repository object, which has to be there. */
export function projectOf(
  repository: JsonObject,
  seen: Version,
  sources: readonly number[] = [seen.order],
): SourceObject[] {
  const object = repository["project"];
  const key = textField(object, "key");
  if (!isJsonObject(object) || key === undefined) return [];
  const address = { kind: "project", key } as const;
  return [{ kind: "project", object, intent: "ensure", version: seen, address, sources }];
}

function userOf(user: Json | undefined, seen: Version, sources: readonly number[]): SourceObject[] {
  if (!isJsonObject(user)) return [];
  return [{ kind: "user", object: user, intent: "ensure", version: seen, sources }];
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function numberField(object: JsonObject, name: string): number | undefined {
  const value = object[name];
  return typeof value === "number" ? value : undefined;
}
