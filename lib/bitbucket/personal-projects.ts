import { RequestError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { BitbucketClient } from "./client.ts";
import { field, textField } from "./objects.ts";

// Bitbucket lists no personal projects. The listing of all repositories shows those that have one.

const operation = "GET all repos";
/** As many repositories as one page may have: for most Bitbuckets all of them. */
const glimpse = 1_000;

/** Whether a project is somebody's own, by its key. */
export function isPersonal(key: string): boolean {
  return key.startsWith("~");
}

/** All personal projects with a repository that the credentials may see. @throws RequestError when the listing breaks off */
export async function listPersonalProjects(bitbucket: BitbucketClient): Promise<JsonObject[]> {
  const found = new Map<string, JsonObject>();
  for await (const { values } of bitbucket.pages("repos", operation)) {
    for (const project of personalAmong(values)) found.set(String(project["key"]).toLowerCase(), project);
  }
  return [...found.values()];
}

/**
 * Whether there is reason to believe that there are personal projects: one call that looks at the first repositories.
 * @throws AbortError when time is up; who cannot tell says no
 */
export async function showsPersonalProjects(bitbucket: BitbucketClient): Promise<boolean> {
  try {
    const path = `repos?limit=${glimpse}`;
    const { json } = await bitbucket.send({ method: "GET", path, operation, retries: 0 });
    const values = field(json, "values");
    return Array.isArray(values) && personalAmong(values).length > 0;
  } catch (error) {
    if (error instanceof RequestError) return false;
    throw error;
  }
}

function personalAmong(repositories: readonly unknown[]): JsonObject[] {
  return repositories.flatMap((repository) => {
    const project = field(repository as JsonObject, "project");
    return isPersonal(textField(project, "key") ?? "") ? [project as JsonObject] : [];
  });
}
