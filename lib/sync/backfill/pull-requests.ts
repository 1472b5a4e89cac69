import { addressName, type RepositoryAddress } from "../../bitbucket/address.ts";
import { objectPath } from "../../bitbucket/client.ts";
import { pullRequestAddress } from "../../bitbucket/objects.ts";
import { RequestError } from "../../errors.ts";
import type { JsonObject } from "../../json.ts";
import { observePullRequest } from "../observe.ts";
import type { BackfillContext, Problems } from "./context.ts";
import type { Item } from "./reconcile.ts";
import { type Listed, reconcileListed } from "./verify.ts";

/** Pull requests that are reconciled together: as many as Port gives in one page. */
const together = 1_000;

export interface PullRequestsDone {
  /** Names of the pull requests that the listings showed. */
  readonly listed: ReadonlySet<string>;
  readonly problems: Problems;
}

/**
 * Reconciles the pull requests of some repositories, in the wanted state. Pages of several repositories go through
 * together; a repository waits with its next page while a thousand are being written, so memory stays flat.
 * @throws RequestError when a listing does not complete
 */
export async function backfillPullRequests(
  repositories: readonly RepositoryAddress[],
  context: BackfillContext,
): Promise<PullRequestsDone> {
  const listed = new Set<string>();
  const problems: Problems = [];
  let buffer: Listed[] = [];
  let flushing: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    const part = buffer;
    buffer = [];
    if (part.length === 0) return;
    const done = await reconcileListed(part, nameOf, observe, context);
    problems.push(...done.problems);
    // What has gone from its page may be merged or deleted by now: that is found out with the other suspects.
    for (const object of done.vanished) listed.delete(nameOf(object));
    context.progress?.("pull-request", { done: part.length });
  }

  async function add(page: readonly Listed[]): Promise<void> {
    buffer.push(...page);
    if (buffer.length < together) return;
    flushing = flushing.then(flush);
    await flushing;
  }

  const { state, counts } = context;
  await Promise.all(
    repositories.map(async (repository) => {
      const path = `${objectPath(repository)}/pull-requests?state=${state}&order=OLDEST`;
      const operation = "GET pull-requests";
      try {
        for await (const { start, values } of context.bitbucket.pages(path, operation)) {
          const page = values.map((object) => ({ object, path, operation, start }));
          for (const object of values) listed.add(nameOf(object));
          counts["pull-request"].seen += page.length;
          context.progress?.("pull-request", { known: page.length });
          await add(page);
        }
      } catch (error) {
        // Deleted since the repositories were listed: its entities are for the next run.
        if (!(error instanceof RequestError) || error.failure.status !== 404) throw error;
      }
    }),
  );
  await flushing;
  await flush();
  return { listed, problems };
}

function nameOf(pullRequest: JsonObject): string {
  const address = pullRequestAddress(pullRequest);
  return address === undefined ? "" : addressName(address);
}

function observe(object: JsonObject, order: number): Item {
  const address = pullRequestAddress(object);
  return address === undefined ? [] : observePullRequest(object, address, { order });
}
