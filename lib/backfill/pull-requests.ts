import { addressName, type RepositoryAddress } from "../bitbucket/address.ts";
import { objectPath } from "../bitbucket/client.ts";
import { pullRequestAddress } from "../bitbucket/objects.ts";
import { RequestError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { observePullRequest } from "../sync/observe.ts";
import type { BackfillContext, Problems } from "./context.ts";
import type { Item } from "./reconcile.ts";
import { type Listed, reconcileListed } from "./reconcile-listed.ts";

/** Pull requests that are reconciled together: as many as one search in Port takes. */
const together = 500;

export interface PullRequestsDone {
  /** Names of the pull requests that the listings showed. */
  readonly listed: ReadonlySet<string>;
  readonly problems: Problems;
}

/**
 * Reconciles the pull requests of some repositories, in the wanted state. Small pages of several repositories go
 * through together; pages wait to be read while many are being written, so memory stays flat.
 * @throws RequestError when a listing does not complete
 */
export async function backfillPullRequests(
  repositories: readonly RepositoryAddress[],
  context: BackfillContext,
): Promise<PullRequestsDone> {
  const listed = new Set<string>();
  const problems: Problems = [];
  const flushes: Promise<void>[] = [];
  let buffer: Listed[] = [];

  async function flush(part: readonly Listed[]): Promise<void> {
    const done = await context.backpressure.work(part.length, () =>
      reconcileListed(part, nameOf, observe, context),
    );
    problems.push(...done.problems);
    // What has gone from its page may be merged or deleted by now: that is found out with the other unlisted entities.
    for (const object of done.vanished) listed.delete(nameOf(object));
    context.progress?.("pull-request", { done: part.length });
  }

  function flushBuffer(): void {
    const part = buffer;
    buffer = [];
    if (part.length === 0) return;
    const flushed = flush(part);
    // Failures are looked at in the end.
    flushed.catch(() => undefined);
    flushes.push(flushed);
  }

  const { bitbucket, counts, backpressure, state } = context;

  async function list(repository: RepositoryAddress): Promise<void> {
    const path = `${objectPath(repository)}/pull-requests?state=${state}&order=OLDEST`;
    const operation = "GET pull-requests";
    for (let next: number | undefined = 0; next !== undefined; ) {
      const start: number = next;
      const page = await backpressure.read(() => bitbucket.page(path, operation, start));
      for (const object of page.values) listed.add(nameOf(object));
      counts["pull-request"].seen += page.values.length;
      context.progress?.("pull-request", { known: page.values.length });
      if (buffer.length + page.values.length > together) flushBuffer();
      for (const object of page.values) buffer.push({ object, path, operation, start });
      if (buffer.length >= together) flushBuffer();
      next = page.next;
    }
  }

  const listings = await Promise.allSettled(repositories.map(list));
  flushBuffer();
  const written = await Promise.allSettled(flushes);
  for (const result of [...listings, ...written]) {
    // Deleted since the repositories were listed: its entities are for the next run.
    if (result.status === "rejected" && !isGone(result.reason)) throw result.reason;
  }
  return { listed, problems };
}

function isGone(error: unknown): boolean {
  return error instanceof RequestError && error.failure.status === 404;
}

function nameOf(pullRequest: JsonObject): string {
  const address = pullRequestAddress(pullRequest);
  return address === undefined ? "" : addressName(address);
}

function observe(object: JsonObject, order: number): Item {
  const address = pullRequestAddress(object);
  return address === undefined ? [] : observePullRequest(object, address, { order });
}
