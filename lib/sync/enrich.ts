import { describeError, log } from "../aws/log.ts";
import type { RepositoryAddress } from "../bitbucket/address.ts";
import { addressName } from "../bitbucket/address.ts";
import type { BitbucketClient } from "../bitbucket/client.ts";
import { RequestError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { Mapper } from "../mapping/mapper.ts";

/** What the mapping wants to know of a repository beyond its own object. */
export interface Enrichment {
  readonly readme: boolean;
  readonly latestCommit: boolean;
}

/** Port takes 1 MiB for all entities of a call; a README is cut before it fills one alone. Characters. */
const longestReadme = 250_000;

export function enrichmentFor(mapper: Mapper): Enrichment {
  return {
    readme: mapper.reads("repository", "__readme"),
    latestCommit: mapper.reads("repository", "__latestCommit"),
  };
}

/** The default branch's README as `__readme`; null when there is none. */
export async function readReadme(
  address: RepositoryAddress,
  bitbucket: BitbucketClient,
): Promise<JsonObject> {
  const text = await bitbucket.file(address, "README.md");
  return { __readme: text === undefined ? null : presentable(text) };
}

/** Without control characters, which JSON writes with six, and cut where Port would refuse the rest. */
function presentable(text: string): string {
  const visible = text.replace(/(?![\t\n\r])\p{Cc}/gu, "");
  return visible.slice(0, longestReadme).toWellFormed();
}

/**
 * The fields that the mapping wants beyond a repository's own object. What Bitbucket does not let us see is left out,
 * so that it stays in Port as it is.
 */
export async function enrichmentOf(
  address: RepositoryAddress,
  { readme, latestCommit }: Enrichment,
  bitbucket: BitbucketClient,
): Promise<JsonObject> {
  try {
    const [text, commit] = await Promise.all([
      readme ? readReadme(address, bitbucket) : {},
      latestCommit ? bitbucket.latestCommit(address).then((tip) => ({ __latestCommit: tip ?? null })) : {},
    ]);
    return { ...text, ...commit };
  } catch (error) {
    if (!isRefused(error)) throw error;
    log("warn", "default branch not readable", { object: addressName(address), ...describeError(error) });
    return {};
  }
}

/** Bitbucket does not let us look; trying again does not help. */
export function isRefused(error: unknown): boolean {
  return error instanceof RequestError && [401, 403].includes(error.failure.status ?? 0);
}
