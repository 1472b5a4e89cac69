import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { epochMs } from "../time.ts";
import type { Address, PullRequestAddress, RepositoryAddress } from "./address.ts";
import {
  field,
  pullRequestAddress,
  repositoryAddress,
  selfLink,
  textField,
  withEpochDates,
} from "./objects.ts";
import { type PushedBranch, pushedBranches, pushedHashes } from "./pushed.ts";

/**
 * What an event says about one object. `object` is its state as the event carries it; where it is missing (the
 * event was too large for the queue) it is read back from Bitbucket.
 */
export type Change =
  /** A pull request was opened, changed, reviewed, commented on, merged or declined. */
  | { readonly type: "update"; readonly address: PullRequestAddress; readonly object?: JsonObject }
  /** A pull request is gone. `link` is its web link, `createdDate` epoch ms. */
  | {
      readonly type: "delete";
      readonly address: PullRequestAddress;
      readonly object?: JsonObject;
      readonly link?: string;
      readonly createdDate?: number;
    }
  /** A repository or project was changed, maybe renamed or moved: `old` is where it was. */
  | {
      readonly type: "modify";
      readonly address: Address;
      readonly old: Address;
      readonly object?: JsonObject;
    }
  /**
   * A repository was heard of. `hashes` are the commits that its pushed branches and tags point to now; `branches` are
   * those that a push touched, none where it touched but tags, and absent where the event does not say which.
   */
  | {
      readonly type: "see";
      readonly address: RepositoryAddress;
      readonly object?: JsonObject;
      readonly hashes?: readonly string[];
      readonly branches?: readonly PushedBranch[];
    };

/** An event that was understood. */
export interface BitbucketEvent {
  readonly key: string;
  /** When Bitbucket says that it happened, epoch ms (events carry whole seconds). */
  readonly date: number | undefined;
  readonly change: Change;
}

export type ParsedEvent =
  | { readonly event: BitbucketEvent }
  /** An event that there is no use for. */
  | { readonly ignored: string }
  /** Not an event, or one without what every event of its kind has. */
  | { readonly fault: string };

/**
 * Understands an event's payload. Only what identifies the object has to be there; everything else may be missing,
 * null or unknown, because it differs between Bitbucket 5 and 10.
 * @see https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html
 */
export function parseEvent(payload: Json): ParsedEvent {
  const key = textField(payload, "eventKey");
  if (key === undefined) return { fault: "the body has no eventKey" };
  const read = reader(key);
  if (read === undefined) return { ignored: "event not used" };
  const change = read(payload);
  if (change === undefined) return { fault: "the event does not say which object it is about" };
  return { event: { key, date: epochMs(field(payload, "date")), change } };
}

function reader(key: string): ((payload: Json) => Change | undefined) | undefined {
  if (key === "pr:deleted") return readDeletion;
  if (key.startsWith("pr:")) return readPullRequest;
  if (key === "repo:modified") return readModifiedRepository;
  if (key === "project:modified") return readModifiedProject;
  const aboutRepository = /^(repo:(refs_changed|forked|comment:\w+)|mirror:repo_synchronized)$/;
  return aboutRepository.test(key) ? readRepository : undefined;
}

function readPullRequest(payload: Json): Change | undefined {
  const object = field(payload, "pullRequest");
  const address = pullRequestAddress(object);
  if (address === undefined || !isJsonObject(object)) return undefined;
  return { type: "update", address, object: withEpochDates(object) };
}

function readDeletion(payload: Json): Change | undefined {
  const object = field(payload, "pullRequest");
  const address = pullRequestAddress(object);
  if (address === undefined || !isJsonObject(object)) return undefined;
  const link = selfLink(object);
  const createdDate = epochMs(field(object, "createdDate"));
  return {
    type: "delete",
    address,
    object: withEpochDates(object),
    ...(link === undefined ? {} : { link }),
    ...(createdDate === undefined ? {} : { createdDate }),
  };
}

/** The old address comes from `old.slug` and `old.project.key`: `old.links` already show the new slug. */
function readModifiedRepository(payload: Json): Change | undefined {
  const object = field(payload, "new");
  const address = repositoryAddress(object);
  if (address === undefined || !isJsonObject(object)) return undefined;
  const old = repositoryAddress(field(payload, "old")) ?? address;
  return { type: "modify", address, old, object: withEpochDates(object) };
}

function readModifiedProject(payload: Json): Change | undefined {
  const object = field(payload, "new");
  const key = textField(object, "key");
  if (key === undefined || !isJsonObject(object)) return undefined;
  const old = textField(field(payload, "old"), "key") ?? key;
  return {
    type: "modify",
    address: { kind: "project", key },
    old: { kind: "project", key: old },
    object: withEpochDates(object),
  };
}

function readRepository(payload: Json): Change | undefined {
  const object = field(payload, "repository");
  const address = repositoryAddress(object);
  if (address === undefined || !isJsonObject(object)) return undefined;
  const changes = field(payload, "changes");
  const hashes = pushedHashes(changes);
  const branches = field(payload, "refLimitExceeded") === true ? undefined : pushedBranches(changes);
  return {
    type: "see",
    address,
    object: withEpochDates(object),
    ...(hashes.length === 0 ? {} : { hashes }),
    ...(branches === undefined ? {} : { branches }),
  };
}
