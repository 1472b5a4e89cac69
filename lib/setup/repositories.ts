import type { RepositoryAddress } from "../bitbucket/address.ts";
import type { BitbucketClient } from "../bitbucket/client.ts";
import { repositoryAddress } from "../bitbucket/objects.ts";
import { objectPath } from "../bitbucket/path.ts";

/** The repositories of a project. @throws RequestError when the listing does not complete */
export async function listRepositories(
  key: string,
  bitbucket: BitbucketClient,
): Promise<RepositoryAddress[]> {
  const addresses: RepositoryAddress[] = [];
  const path = `${objectPath({ kind: "project", key })}/repos`;
  for await (const { values } of bitbucket.pages(path, "GET repos")) {
    addresses.push(...values.flatMap((repository) => repositoryAddress(repository) ?? []));
  }
  return addresses;
}
