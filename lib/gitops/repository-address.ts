import type { RepositoryAddress } from "../bitbucket/address.ts";

/** The address of what has a repository's key and slug. */
export function addressOf({ key, slug }: Omit<RepositoryAddress, "kind">): RepositoryAddress {
  return { kind: "repository", key, slug };
}
