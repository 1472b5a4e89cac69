import { addressName, type RepositoryAddress } from "../bitbucket/address.ts";
import type { BitbucketClient } from "../bitbucket/client.ts";
import { createShelf } from "../shelf.ts";

/** For so long, in ms, a default branch is taken to be the one that it was. */
const maxAgeMs = 10 * 60_000;
const limit = 10_000;

/** Remembers default branches, so that pushes to other branches cost no call. */
export function createDefaultBranches(bitbucket: BitbucketClient, now = () => Date.now()) {
  const known = createShelf<string, string>(limit, maxAgeMs, now);

  return async (repository: RepositoryAddress): Promise<string | undefined> => {
    const name = addressName(repository);
    const kept = known.take(name);
    if (kept !== undefined) return kept;
    const id = await bitbucket.defaultBranch(repository);
    if (id !== undefined) known.put(name, id);
    return id;
  };
}
