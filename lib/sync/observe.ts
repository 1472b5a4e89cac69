import { describeError, log } from "../aws/log.ts";
import { type Address, addressName } from "../bitbucket/address.ts";
import type { BitbucketClient } from "../bitbucket/client.ts";
import type { BitbucketEvent } from "../bitbucket/events.ts";
import { field, type Kind, repositoryAddress, textField } from "../bitbucket/objects.ts";
import { UnprocessableError } from "../errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { epochMs } from "../time.ts";
import type { Candidate, Version } from "./candidate.ts";
import { type Enrichment, isRefused, readReadme } from "./enrich.ts";

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
 * The objects that an event shows: its own, and those that its relations lead to.
 * @param order the message's position
 * @param bitbucket absent when no Bitbucket is configured
 * @returns undefined when Bitbucket says that the object is gone by now
 * @throws UnprocessableError when the event does not carry its object and it cannot be read back
 */
export async function observe(
  event: BitbucketEvent,
  order: number,
  bitbucket: BitbucketClient | undefined,
  enrichment: Enrichment,
): Promise<SourceObject[] | undefined> {
  const { change } = event;
  if (change.type === "delete") return [];
  const object = change.object ?? (await readBack(change.address, bitbucket));
  if (object === undefined) return undefined;
  const seen: Version = { date: event.date, order };
  if (change.type !== "see") return observeObject(change.address, object, seen);
  const pushed = await readDefaultBranch(change, bitbucket, enrichment);
  const intent = pushed === undefined ? "ensure" : "refresh";
  return [...observeRepository({ ...object, ...pushed }, intent, seen), ...projectOf(object, seen)];
}

/** An object read from Bitbucket, to be shown as it is, with everything that it relates to. */
export function observeObject(address: Address, object: JsonObject, seen: Version): SourceObject[] {
  if (address.kind === "pull-request") return observePullRequest(object, address, seen);
  if (address.kind === "repository") {
    return [...observeRepository(object, "write", seen), ...projectOf(object, seen)];
  }
  return [{ kind: "project", object, intent: "write", version: seen, address, sources: [seen.order] }];
}

/** A pull request as Bitbucket shows it, with everything that it relates to. */
export function observePullRequest(object: JsonObject, address: Address, seen: Version): SourceObject[] {
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
      sources: [seen.order],
    },
    ...(isJsonObject(repository)
      ? [...observeRepository(repository, "ensure", seen), ...projectOf(repository, seen)]
      : []),
    ...participants.flatMap((participant) => userOf(field(participant, "user"), seen)),
  ];
}

function observeRepository(
  object: JsonObject,
  intent: SourceObject["intent"],
  seen: Version,
): SourceObject[] {
  const address = repositoryAddress(object);
  if (address === undefined) return [];
  const commit = field(object, "__latestCommit");
  // Only an author whom Bitbucket knows is a user; others are no more than a name in a commit.
  const author = field(commit, "author");
  const users = textField(author, "slug") === undefined ? [] : userOf(author, seen);
  return [{ kind: "repository", object, intent, version: seen, address, sources: [seen.order] }, ...users];
}

function projectOf(repository: JsonObject, seen: Version): SourceObject[] {
  const object = repository["project"];
  const key = textField(object, "key");
  if (!isJsonObject(object) || key === undefined) return [];
  const address = { kind: "project", key } as const;
  return [{ kind: "project", object, intent: "ensure", version: seen, address, sources: [seen.order] }];
}

function userOf(user: Json | undefined, seen: Version): SourceObject[] {
  if (!isJsonObject(user)) return [];
  return [{ kind: "user", object: user, intent: "ensure", version: seen, sources: [seen.order] }];
}

async function readBack(
  address: Address,
  bitbucket: BitbucketClient | undefined,
): Promise<JsonObject | undefined> {
  if (bitbucket !== undefined) return bitbucket.object(address);
  throw new UnprocessableError(
    "needs_bitbucket",
    "the event was too large for the queue and cannot be read back: set BITBUCKET_HOST and its credentials",
  );
}

/**
 * README and tip, when the push moved the default branch: its tip is then among the pushed commits. Undefined when the
 * mapping has no use for them, or Bitbucket does not let us see them (a backfill brings them later).
 */
async function readDefaultBranch(
  change: Extract<BitbucketEvent["change"], { type: "see" }>,
  bitbucket: BitbucketClient | undefined,
  { readme, latestCommit }: Enrichment,
): Promise<JsonObject | undefined> {
  if (bitbucket === undefined || change.hashes === undefined || !(readme || latestCommit)) return undefined;
  try {
    const tip = await bitbucket.latestCommit(change.address);
    if (!change.hashes.includes(textField(tip, "id") ?? "")) return undefined;
    return {
      ...(latestCommit ? { __latestCommit: tip ?? null } : {}),
      ...(readme ? await readReadme(change.address, bitbucket) : {}),
    };
  } catch (error) {
    if (!isRefused(error)) throw error;
    log("warn", "default branch not readable", {
      object: addressName(change.address),
      ...describeError(error),
    });
    return undefined;
  }
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function numberField(object: JsonObject, name: string): number | undefined {
  const value = object[name];
  return typeof value === "number" ? value : undefined;
}
