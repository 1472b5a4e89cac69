import type { RepositoryAddress } from "../../bitbucket/address.ts";
import { type BitbucketClient, objectPath } from "../../bitbucket/client.ts";
import { repositoryAddress, textField } from "../../bitbucket/objects.ts";
import { isDenied } from "../../errors.ts";
import type { JsonObject } from "../../json.ts";

/** The projects to go through, and a sentence for each that the filter names and that is not there. */
export interface ProjectKeys {
  readonly keys: readonly string[];
  readonly failed: readonly string[];
}

/**
 * Lists the projects within the filter. Personal projects are not listed: they are asked for when the filter names
 * them.
 * @throws RequestError when the listing does not complete
 */
export async function listProjects(
  filter: readonly string[],
  bitbucket: BitbucketClient,
): Promise<ProjectKeys> {
  const wanted = new Set(filter.map((key) => key.toLowerCase()));
  const keys: string[] = [];
  for await (const { values } of bitbucket.pages("projects", "GET projects")) {
    const listed = values.flatMap((project) => textField(project, "key") ?? []);
    keys.push(...listed.filter((key) => wanted.size === 0 || wanted.delete(key.toLowerCase())));
  }
  const failed: string[] = [];
  for (const key of wanted) {
    const own = textField(await readProject(key, bitbucket), "key");
    if (own !== undefined) keys.push(own);
    else failed.push(`project:${nameIn(filter, key)}: ${notThere}`);
  }
  return { keys, failed };
}

const notThere =
  "is not in Bitbucket, or these credentials may not see it; is BITBUCKET_PROJECTS_FILTER (on AWS: projectsFilter) spelt right?";

/** Undefined as well where it may not be seen. */
async function readProject(key: string, bitbucket: BitbucketClient): Promise<JsonObject | undefined> {
  try {
    return await bitbucket.object({ kind: "project", key });
  } catch (error) {
    if (isDenied(error)) return undefined;
    throw error;
  }
}

function nameIn(filter: readonly string[], lowerCase: string): string {
  return filter.find((key) => key.toLowerCase() === lowerCase) ?? lowerCase;
}

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
