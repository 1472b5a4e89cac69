import type { RepositoryAddress } from "../bitbucket/address.ts";
import { type BitbucketClient, objectPath } from "../bitbucket/client.ts";
import { repositoryAddress, textField } from "../bitbucket/objects.ts";
import { isDenied } from "../errors.ts";
import type { JsonObject } from "../json.ts";

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
  const wanted = new Map(filter.map((key) => [key.toLowerCase(), key]));
  const keys: string[] = [];
  for await (const { values } of bitbucket.pages("projects", "GET projects")) {
    const listed = values.flatMap((project) => textField(project, "key") ?? []);
    keys.push(...listed.filter((key) => wanted.size === 0 || wanted.has(key.toLowerCase())));
  }
  const listed = new Set(keys.map((key) => key.toLowerCase()));
  const failed: string[] = [];
  for (const [lowerCase, key] of wanted) {
    if (listed.has(lowerCase)) continue;
    const own = textField(await readProject(key, bitbucket), "key");
    if (own !== undefined) keys.push(own);
    else failed.push(`project:${key}: ${notThere}`);
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
