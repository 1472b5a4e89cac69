import type { RepositoryAddress } from "../bitbucket/address.ts";
import type { PushedBranch } from "../bitbucket/pushed.ts";
import type { JsonObject } from "../json.ts";
import type { GitopsContext, RepositoryTip } from "./context.ts";
import type { References } from "./references.ts";
import { syncRepositories } from "./sync-repositories.ts";
import type { Synced } from "./synced.ts";
import { atTip, confirmed } from "./tip-of.ts";

/** A push, as its event tells it. */
export interface Push {
  readonly address: RepositoryAddress;
  /** The repository as Bitbucket shows it. */
  readonly object: JsonObject;
  /** The branches that it changed; undefined where it does not say which. */
  readonly branches: readonly PushedBranch[] | undefined;
}

export interface PushContext extends GitopsContext {
  readonly references: References;
  /** The full name of a repository's default branch, remembered for a while. */
  readonly defaultBranch: (repository: RepositoryAddress) => Promise<string | undefined>;
}

/**
 * Syncs the definition files of a repository when a push to its default branch touched one, or a file that one of them
 * refers to. The push only says where to look: what counts is the branch's present tip.
 * @returns what became of it; undefined when there was nothing to do
 * @throws RequestError when it may be done later
 */
export async function syncPush(push: Push, context: PushContext): Promise<Synced | undefined> {
  const { address, object } = push;
  const from = await sinceOf(push, context);
  if (from === undefined) return undefined;
  const repository = await atTip(address, object, context);
  if (repository === undefined || !(await concerns(repository, from, context))) return undefined;
  return syncRepository(repository, context);
}

/**
 * Syncs a repository, unless another one has its address by now.
 * @throws RequestError when it may be done later
 */
export async function syncRepository(
  repository: RepositoryTip,
  context: GitopsContext,
): Promise<Synced | undefined> {
  const present = await confirmed(repository, context);
  if (present === undefined) return undefined;
  const results = await syncRepositories([present], context);
  const failed = results.find((synced) => synced.failed !== undefined)?.failed;
  if (failed !== undefined) throw failed;
  return results.find((synced) => synced.repository.id === repository.id);
}

/** The commit that the default branch was at before, zeros where that is not known; undefined when it was not pushed to. */
async function sinceOf({ address, branches }: Push, context: PushContext): Promise<string | undefined> {
  if (branches === undefined) return unknown;
  const defaultBranch = await context.defaultBranch(address);
  return branches.find(({ id }) => id === defaultBranch)?.from;
}

const unknown = "0".repeat(40);

async function concerns(
  { key, slug, id, tip }: RepositoryTip,
  since: string,
  { bitbucket, settings, references }: PushContext,
): Promise<boolean> {
  if (since === unknown) return true;
  const changes = await bitbucket.changes({ kind: "repository", key, slug }, since, tip);
  // Forced over, or more than Bitbucket tells.
  if (!changes?.isComplete || changes.paths.some(settings.isDefinition)) return true;
  if (changes.paths.length === 0) return false;
  const referred = await references.of(id);
  return changes.paths.some((path) => referred.has(path));
}
