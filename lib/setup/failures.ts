import type { RepositoryAddress } from "../bitbucket/address.ts";
import { isPersonal } from "../bitbucket/personal-projects.ts";
import { explain } from "../diagnosis/explain.ts";
import { isDenied, RequestError } from "../errors.ts";

/** Repositories that one sentence names. */
const named = 5;

/** Why a project's webhook is not as it should be, and what to do. */
export function projectFailure(key: string, error: unknown): string {
  if (isDenied(error) && isPersonal(key)) {
    return (
      `project:${key}: these credentials lack PROJECT_ADMIN, which only its owner and Bitbucket's administrators have on ` +
      "a personal project: use an administrator's credentials, or leave personal projects out"
    );
  }
  if (isDenied(error)) {
    return (
      `project:${key}: these credentials lack PROJECT_ADMIN: give it to them in the project's permissions, or leave ` +
      "the project out by BITBUCKET_PROJECTS_FILTER (on AWS: projectsFilter)"
    );
  }
  const { status, code } = error instanceof RequestError ? error.failure : {};
  if (isGone(error)) return `project:${key}: is not in Bitbucket any more`;
  if (code === "unexpected_answer" && status === undefined) {
    return `project:${key}: this Bitbucket has no webhooks at projects: is IS_VERSION_8_7_OR_OLDER (on AWS: isVersion87OrOlder) right?`;
  }
  return `project:${key}: ${explain(error)}`;
}

/** The same for repositories; those that lack the same permission share a sentence. */
export function repositoryFailures(
  key: string,
  failed: readonly { readonly repository: RepositoryAddress; readonly error: unknown }[],
): string[] {
  const denied = failed.filter(({ error }) => isDenied(error)).map(({ repository }) => repository.slug);
  const others = failed.filter(({ error }) => !isDenied(error) && !isGone(error));
  const more = denied.length > named ? ` and ${denied.length - named} more` : "";
  return [
    ...(denied.length === 0
      ? []
      : [
          `project:${key}: these credentials lack REPO_ADMIN on ${denied.slice(0, named).join(", ")}${more}: give ` +
            "them PROJECT_ADMIN in the project's permissions",
        ]),
    ...others.map(({ repository, error }) => `repository:${key}/${repository.slug}: ${explain(error)}`),
  ];
}

/** Deleted since it was listed: there is nothing to put a webhook on. */
function isGone(error: unknown): boolean {
  return error instanceof RequestError && error.failure.status === 404;
}
