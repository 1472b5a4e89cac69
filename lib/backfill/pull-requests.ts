import { addressName, type RepositoryAddress, within } from "../bitbucket/address.ts";
import type { BitbucketClient } from "../bitbucket/client.ts";
import { pullRequestAddress } from "../bitbucket/objects.ts";
import { objectPath } from "../bitbucket/path.ts";
import { RequestError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { type EntityKey, keyOf } from "../port/entity.ts";
import { mapAll, toEntity } from "../sync/map.ts";
import { observePullRequest } from "../sync/observe.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { reportLoss } from "./loss.ts";
import type { Item } from "./reconcile.ts";
import { type Listed, reconcileListed } from "./reconcile-listed.ts";

/** Pull requests that are reconciled together: as many as one search in Port takes. */
const together = 500;

export interface PullRequestsDone {
  /** The repositories whose listing came to its end. */
  readonly complete: readonly RepositoryAddress[];
  /** Names of the pull requests that the listings showed. */
  readonly listed: ReadonlySet<string>;
  /** The entities that the mapping makes of them, with their names. */
  readonly keys: ReadonlyMap<EntityKey, string>;
  readonly problems: Problems;
}

/**
 * Reconciles the pull requests of some repositories, in the wanted state. Small pages of several repositories go
 * through together; pages wait to be read while many are being written, so memory stays flat.
 * A listing that breaks off costs only its own repository: what it showed is written.
 * @throws RequestError when Port is away, or when no listing comes to its end
 */
export async function backfillPullRequests(
  repositories: readonly RepositoryAddress[],
  context: BackfillContext,
): Promise<PullRequestsDone> {
  const listed = new Set<string>();
  const keys = new Map<EntityKey, string>();
  const complete: RepositoryAddress[] = [];
  const failures: RequestError[] = [];
  const problems: Problems = [];
  const flushes: Promise<void>[] = [];
  let buffer: Listed[] = [];

  async function flush(part: readonly Listed[]): Promise<void> {
    const done = await context.backpressure.work(part.length, () =>
      reconcileListed(part, nameOf, observe, context),
    );
    problems.push(...done.problems);
    for (const [key, name] of done.keys) keys.set(key, name);
    // What has gone from its page may be merged or deleted by now: that is found out with the other unlisted entities.
    for (const object of done.vanished) listed.delete(nameOf(object));
    for (const entity of mapAll("pull-request", done.vanished, context)) keys.delete(keyOf(toEntity(entity)));
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
      const own = page.values.filter((object) => isIn(repository, object));
      for (const object of own) listed.add(nameOf(object));
      counts["pull-request"].seen += own.length;
      context.progress?.("pull-request", { known: own.length });
      if (buffer.length + own.length > together) flushBuffer();
      for (const object of own) buffer.push({ object, path, operation, start });
      if (buffer.length >= together) flushBuffer();
      // Renamed meanwhile: the old address shows what is at the new one, which is read there.
      if (own.length < page.values.length) return;
      if (page.brokenOff !== undefined) throw page.brokenOff;
      next = page.next;
    }
    complete.push(repository);
  }

  async function listOrName(repository: RepositoryAddress): Promise<void> {
    try {
      await list(repository);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      // Deleted or renamed since the repositories were listed: its entities are for the sweep.
      if (await isAway(repository, error, bitbucket)) return;
      failures.push(error);
      problems.push(...reportLoss(repository, "all of its pull requests", error, context));
    }
  }

  const listings = await Promise.allSettled(repositories.map(listOrName));
  flushBuffer();
  const written = await Promise.allSettled(flushes);
  for (const result of [...listings, ...written]) if (result.status === "rejected") throw result.reason;
  const [first] = failures;
  // Not one of several can be read: that is no broken repository.
  if (first !== undefined && failures.length === repositories.length && repositories.length > 1) throw first;
  return { complete, listed, keys, problems };
}

async function isAway(
  repository: RepositoryAddress,
  { failure }: RequestError,
  bitbucket: BitbucketClient,
): Promise<boolean> {
  if (/^(NoSuch(Repository|Project)|(Repository|Project)Moved)Exception$/.test(failure.code ?? ""))
    return true;
  const answer = await bitbucket.find(repository);
  return answer.is === "gone" || answer.is === "elsewhere";
}

function isIn(repository: RepositoryAddress, pullRequest: JsonObject): boolean {
  const address = pullRequestAddress(pullRequest);
  return address === undefined || within(repository, address);
}

function nameOf(pullRequest: JsonObject): string {
  const address = pullRequestAddress(pullRequest);
  return address === undefined ? "" : addressName(address);
}

function observe(object: JsonObject, order: number): Item {
  const address = pullRequestAddress(object);
  return address === undefined ? [] : observePullRequest(object, address, { order, proof: "listed" });
}
