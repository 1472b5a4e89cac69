import type { RepositoryAddress } from "../bitbucket/address.ts";
import type { BitbucketClient } from "../bitbucket/client.ts";
import { RequestError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { Mapper } from "../mapping/mapper.ts";

/** What the mapping wants to know of a repository beyond its own object. */
export interface Enrichment {
  readonly readme: boolean;
  readonly latestCommit: boolean;
}

/** What could be read of a repository's default branch. */
export interface Enriched {
  /** `__readme` and `__latestCommit`; what could not be read is left out, so that it stays in Port as it is. */
  readonly fields: JsonObject;
  readonly failed: readonly EnrichmentFailure[];
}

export interface EnrichmentFailure {
  readonly what: "README" | "latest commit";
  readonly error: RequestError;
}

/** Port takes 1 MiB for all entities of a call; a README is cut before it fills one alone. Characters. */
const longestReadme = 250_000;

export function enrichmentFor(mapper: Mapper): Enrichment {
  return {
    readme: mapper.reads("repository", "__readme"),
    latestCommit: mapper.reads("repository", "__latestCommit"),
  };
}

/**
 * Reads the fields that the mapping wants beyond a repository's own object, each for itself: a broken repository costs
 * what cannot be read of it and nothing else.
 * @throws what ends a call when time is up
 */
export async function readEnrichment(
  address: RepositoryAddress,
  { readme, latestCommit }: Enrichment,
  bitbucket: BitbucketClient,
): Promise<Enriched> {
  const parts = await Promise.all([
    readme ? part("README", () => readReadme(address, bitbucket)) : nothing,
    latestCommit ? part("latest commit", () => readTip(address, bitbucket)) : nothing,
  ]);
  return {
    fields: Object.assign({}, ...parts.map(({ fields }) => fields)),
    failed: parts.flatMap(({ failed }) => failed),
  };
}

const nothing: Enriched = { fields: {}, failed: [] };

async function part(what: EnrichmentFailure["what"], read: () => Promise<JsonObject>): Promise<Enriched> {
  try {
    return { fields: await read(), failed: [] };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return { fields: {}, failed: [{ what, error }] };
  }
}

/** The default branch's README as `__readme`; null when there is none. @throws RequestError */
export async function readReadme(
  address: RepositoryAddress,
  bitbucket: BitbucketClient,
): Promise<JsonObject> {
  const text = await bitbucket.file(address, "README.md");
  return { __readme: text === undefined ? null : presentable(text) };
}

async function readTip(address: RepositoryAddress, bitbucket: BitbucketClient): Promise<JsonObject> {
  return { __latestCommit: (await bitbucket.latestCommit(address)) ?? null };
}

/** Without control characters, which JSON writes with six, and cut where Port would refuse the rest. */
function presentable(text: string): string {
  const visible = text.replace(/(?![\t\n\r])\p{Cc}/gu, "");
  return visible.slice(0, longestReadme).toWellFormed();
}
