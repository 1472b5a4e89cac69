import type { BitbucketClient, Page } from "../bitbucket/client.ts";
import { textField } from "../bitbucket/objects.ts";
import { pagesFrom } from "../bitbucket/pages.ts";
import { listPersonalProjects } from "../bitbucket/personal-projects.ts";
import { mayPass } from "../errors.ts";
import type { SetupContext } from "./context.ts";

/** The projects to go through, and a sentence for each that the filter names and that is not there. */
export interface ProjectKeys {
  readonly keys: readonly string[];
  readonly failed: readonly string[];
}

/**
 * Lists the projects within the filter. Personal projects are not listed: they are asked for when the filter names
 * them, and found by their repositories when all are wanted.
 * @param first the first page of all projects, where it was just read
 * @throws RequestError when a listing does not complete
 */
export async function listProjects(
  {
    projects: filter,
    personalProjects,
    bitbucket,
  }: Pick<SetupContext, "projects" | "personalProjects" | "bitbucket">,
  first?: Page,
): Promise<ProjectKeys> {
  const wanted = new Map(filter.map((key) => [key.toLowerCase(), key]));
  const keys: string[] = [];
  for await (const { values } of pagesFrom(first, "projects", "GET projects", bitbucket)) {
    const listed = values.flatMap((project) => textField(project, "key") ?? []);
    keys.push(...listed.filter((key) => wanted.size === 0 || wanted.has(key.toLowerCase())));
  }
  const personal = personalProjects ? await listPersonalProjects(bitbucket) : [];
  keys.push(...personal.flatMap((project) => textField(project, "key") ?? []));
  const listed = new Set(keys.map((key) => key.toLowerCase()));
  const failed: string[] = [];
  for (const [lowerCase, key] of wanted) {
    if (listed.has(lowerCase)) continue;
    const own = await readProject(key, bitbucket);
    if ("key" in own) keys.push(own.key);
    else failed.push(`project:${key}: ${own.failed}`);
  }
  return { keys, failed };
}

const notThere =
  "is not in Bitbucket, or these credentials may not see it; is BITBUCKET_PROJECTS_FILTER (on AWS: projectsFilter) spelt right?";

/** The project's own key, or a sentence on why there is none. @throws RequestError when nobody can tell for now */
async function readProject(
  key: string,
  bitbucket: BitbucketClient,
): Promise<{ readonly key: string } | { readonly failed: string }> {
  const answer = await bitbucket.find({ kind: "project", key });
  switch (answer.is) {
    case "here":
      return { key: textField(answer.object, "key") ?? key };
    case "elsewhere": {
      const now = answer.address === undefined ? "another key" : `the key ${answer.address.key}`;
      return { failed: `has ${now} by now: change BITBUCKET_PROJECTS_FILTER (on AWS: projectsFilter)` };
    }
    case "gone":
      return { failed: notThere };
    case "unknown":
      if (mayPass(answer.error)) throw answer.error;
      return { failed: notThere };
  }
}
