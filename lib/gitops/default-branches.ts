import { addressName, type RepositoryAddress } from "../bitbucket/address.ts";
import type { BitbucketClient } from "../bitbucket/client.ts";

/** For so long, in ms, a default branch is taken to be the one that it was. */
const maxAgeMs = 10 * 60_000;
const limit = 10_000;

/** Remembers default branches, so that pushes to other branches cost no call. */
export function createDefaultBranches(bitbucket: BitbucketClient, now = () => Date.now()) {
  const known = new Map<string, { readonly at: number; readonly id: string }>();

  return async (repository: RepositoryAddress): Promise<string | undefined> => {
    const name = addressName(repository);
    const entry = known.get(name);
    if (entry !== undefined && now() - entry.at < maxAgeMs) return entry.id;
    const id = await bitbucket.defaultBranch(repository);
    known.delete(name);
    if (id === undefined) return undefined;
    known.set(name, { at: now(), id });
    const [oldest] = known.keys();
    if (known.size > limit && oldest !== undefined) known.delete(oldest);
    return id;
  };
}
