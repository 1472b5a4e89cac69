import type { RepositoryAddress } from "../bitbucket/address.ts";
import { createGate } from "../http/gate.ts";
import type { WebhookContext } from "./context.ts";
import { projectFailure, repositoryFailures } from "./failures.ts";
import { reconcileWebhooks } from "./owner-webhooks.ts";
import { listRepositories } from "./repositories.ts";

/** Repositories of a project that are looked at together; calls are bounded by the client. */
const repositoriesTogether = 8;

/**
 * Brings the webhooks of a project and its repositories in order; what goes wrong is added to the failures.
 * Where webhooks belong comes first, so that events go on coming while a project moves from one level to the other.
 */
export async function reconcileProjectWebhooks(key: string, context: WebhookContext): Promise<void> {
  const { failed } = context.counts;
  try {
    if (context.level === "repository") await reconcileRepositoryWebhooks(key, context);
    const created = context.hasProjectLevel && (await reconcileWebhooks({ kind: "project", key }, context));
    const findsStray = context.level === "project" && (created || context.strayWebhooks === "always");
    if (findsStray) await reconcileRepositoryWebhooks(key, context);
  } catch (error) {
    failed.push(projectFailure(key, error));
  }
}

/** @throws RequestError when the repositories cannot be listed */
async function reconcileRepositoryWebhooks(key: string, context: WebhookContext): Promise<void> {
  const repositories = await listRepositories(key, context.bitbucket);
  const failures: { repository: RepositoryAddress; error: unknown }[] = [];
  const gate = createGate(repositoriesTogether);
  await Promise.all(
    repositories.map((repository) =>
      gate(async () => {
        try {
          await reconcileWebhooks(repository, context);
        } catch (error) {
          failures.push({ repository, error });
        }
      }),
    ),
  );
  context.counts.failed.push(...repositoryFailures(key, failures));
}
