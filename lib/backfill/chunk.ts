import { addressName, type RepositoryAddress } from "../bitbucket/address.ts";
import { repositoryAddress } from "../bitbucket/objects.ts";
import { type JsonObject, sameJson } from "../json.ts";
import { enrichmentFor, readEnrichment } from "../sync/enrich.ts";
import { observeObject } from "../sync/observe.ts";
import type { Removal } from "../sync/removal.ts";
import { removeAway } from "./away.ts";
import { learnBases } from "./bases.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { reportLoss } from "./loss.ts";
import { type Present, showPresent } from "./present.ts";
import { backfillPullRequests } from "./pull-requests.ts";
import { type Listed, reconcileListed } from "./reconcile-listed.ts";
import { createRewrites, recheck } from "./rewrites.ts";
import { findUnlistedPullRequests } from "./unlisted-pull-requests.ts";

export interface ChunkDone {
  readonly problems: Problems;
  /** Pull requests that Bitbucket says are gone, and those that stand under another identifier by now. */
  readonly gone: readonly Removal[];
}

/** Readings at README and tip that may have been overtaken; what changes faster is left to its events. */
const mostReadings = 3;

/**
 * Reconciles some repositories with their pull requests, and deletes only what was moved while they were listed. What
 * cannot be read of one of them costs the others nothing.
 * @throws RequestError when Port is away, or Bitbucket for all of them; AbortError when the time is up
 */
export async function backfillChunk(chunk: readonly Listed[], given: BackfillContext): Promise<ChunkDone> {
  const rewrites = createRewrites();
  const context = { ...given, onRewrite: rewrites.note };
  const objects = chunk.map(({ object }) => object);
  const addresses = objects.flatMap((object) => repositoryAddress(object) ?? []);
  learnBases(objects, context);
  const enriched = await enrichAll(addresses, context);
  context.counts.repository.seen += chunk.length;
  const repositories = await reconcileListed(
    chunk,
    (object) => String(object["slug"]),
    (object, order) => {
      const address = repositoryAddress(object);
      if (address === undefined) return [];
      const whole = { ...object, ...enriched.fields.get(addressName(address)) };
      return observeObject(address, whole, { order, proof: "listed" });
    },
    context,
  );
  const overwritten = repositories.overwritten.flatMap((object) => repositoryAddress(object) ?? []);
  const problems = [...enriched.problems, ...repositories.problems];
  problems.push(...(await enrichAgain(overwritten, enriched.fields, context)));
  problems.push(...(await removeVanished(repositories.vanished, context)));
  const pullRequests = await backfillPullRequests(addresses, context);
  const { gone, problems: unresolved } = await findUnlistedPullRequests(pullRequests, context);
  const after = await recheck(rewrites, given);
  const files = await syncDefinitionFiles(objects, enriched.fields, context);
  return { problems: [...problems, ...pullRequests.problems, ...unresolved, ...after, ...files], gone };
}

/** After the repositories: definition files may relate to them. */
async function syncDefinitionFiles(
  objects: readonly JsonObject[],
  fields: ReadonlyMap<string, JsonObject>,
  context: BackfillContext,
): Promise<Problems> {
  if (context.definitionFiles === undefined) return [];
  const whole = objects.map((object) => {
    const address = repositoryAddress(object);
    return { ...object, ...(address && fields.get(addressName(address))) };
  });
  return context.definitionFiles.sync(whole, (address, error) =>
    reportLoss(address, "definition files", error, context),
  );
}

/** Renamed, moved or deleted while we wrote them. */
async function removeVanished(objects: readonly JsonObject[], context: BackfillContext): Promise<Problems> {
  const problems: Problems = [];
  for (const address of objects.flatMap((object) => repositoryAddress(object) ?? [])) {
    const answer = await context.bitbucket.find(address);
    if (answer.is === "gone" || answer.is === "elsewhere")
      problems.push(...(await removeAway(address, answer.is === "elsewhere", context)));
  }
  return problems;
}

interface EnrichedAll {
  /** By the repository's name. */
  readonly fields: Map<string, JsonObject>;
  readonly problems: Problems;
}

async function enrichAll(
  addresses: readonly RepositoryAddress[],
  context: BackfillContext,
): Promise<EnrichedAll> {
  const enrichment = enrichmentFor(context.mapper);
  const fields = new Map<string, JsonObject>();
  const problems: Problems = [];
  await Promise.all(
    addresses.map(async (address) => {
      const read = await readEnrichment(address, enrichment, context.bitbucket);
      fields.set(addressName(address), read.fields);
      for (const { what, error } of read.failed) problems.push(...reportLoss(address, what, error, context));
    }),
  );
  return { fields, problems };
}

/** A push may have been consumed between our reading of README and tip and our writing. */
async function enrichAgain(
  overwritten: readonly RepositoryAddress[],
  before: ReadonlyMap<string, JsonObject>,
  context: BackfillContext,
): Promise<Problems> {
  const problems: Problems = [];
  let current = overwritten;
  let known = before;
  for (let reading = 0; current.length > 0 && reading < mostReadings && !context.dryRun; reading++) {
    const now = await enrichAll(current, context);
    const changed = current.filter((address) => {
      const name = addressName(address);
      return !sameJson(now.fields.get(name), known.get(name));
    });
    known = now.fields;
    current = changed;
    const present: Present[] = [];
    for (const address of changed) {
      const answer = await context.bitbucket.find(address);
      if (answer.is !== "here") continue;
      const object = { ...answer.object, ...now.fields.get(addressName(address)) };
      present.push({ address, object });
    }
    problems.push(...(await showPresent(present, context)).problems);
  }
  return problems;
}
