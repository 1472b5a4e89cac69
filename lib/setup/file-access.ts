import type { RepositoryAddress } from "../bitbucket/address.ts";
import { failure, isBitbucketError, unexpected } from "../bitbucket/answers.ts";
import { repositoryAddress } from "../bitbucket/objects.ts";
import { objectPath } from "../bitbucket/path.ts";
import { asksForPatience, explain } from "../diagnosis/explain.ts";
import { ConfigError, RequestError } from "../errors.ts";
import { isJsonObject } from "../json.ts";
import type { SetupContext } from "./context.ts";

/** Projects that are looked through for a repository. */
const mostProjects = 5;

/**
 * Tries whether the credentials may read files, which entities from files need, on one repository in scope.
 * @param keys of the projects in scope
 * @throws ConfigError with what to do when they may not
 */
export async function checkFileAccess(
  keys: readonly string[],
  context: Pick<SetupContext, "bitbucket" | "tell">,
): Promise<void> {
  const repository = await findRepository(keys, context);
  if (repository === undefined) return;
  const files = `the files of ${repository.key}/${repository.slug}`;
  try {
    await readOnePath(repository, context);
  } catch (error) {
    const words = explain(error, context);
    if (asksForPatience(error))
      context.tell(`whether ${files} can be read, which GITOPS_FILES needs, could not be tried: ${words}`);
    else
      throw new ConfigError("Files cannot be read", [
        `GITOPS_FILES (on AWS gitopsFiles) is set, but ${files} cannot be read: ${words}`,
      ]);
  }
}

/** Whatever is wrong with a project is told when its webhook is looked at. */
async function findRepository(
  keys: readonly string[],
  { bitbucket }: Pick<SetupContext, "bitbucket">,
): Promise<RepositoryAddress | undefined> {
  for (const key of keys.slice(0, mostProjects)) {
    try {
      const path = `${objectPath({ kind: "project", key })}/repos?limit=1`;
      const { json } = await bitbucket.send({ method: "GET", path, operation: "GET repos" });
      const values = isJsonObject(json) ? json["values"] : undefined;
      const found = Array.isArray(values) ? repositoryAddress(values[0]) : undefined;
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
    }
  }
  return undefined;
}

/** An empty repository has none, which is no fault. @throws RequestError */
async function readOnePath(
  repository: RepositoryAddress,
  { bitbucket }: Pick<SetupContext, "bitbucket">,
): Promise<void> {
  const operation = "GET files";
  const path = `${objectPath(repository)}/files?limit=1`;
  const answer = await bitbucket.send({ method: "GET", path, operation, accept: [404] });
  const { status, json } = answer;
  if (status === 204 || (status === 404 && isBitbucketError(json))) return;
  if (status === 404) throw failure(answer, operation);
  if (!isJsonObject(json) || !Array.isArray(json["values"])) throw unexpected(operation);
}
