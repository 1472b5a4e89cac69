import { RequestError } from "../errors.ts";
import type { BitbucketClient } from "./client.ts";
import { textField } from "./objects.ts";

/** Compares versions part by part, as numbers: 8.10 is newer than 8.7. What a version does not have counts as 0. */
export function isAtLeast(version: string, wanted: string): boolean {
  const have = partsOf(version);
  for (const [index, part] of partsOf(wanted).entries()) {
    const own = have[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}

function partsOf(version: string): number[] {
  return version.split(".").map((part) => Number.parseInt(part, 10) || 0);
}

/**
 * The version that Bitbucket says it has, e.g. `8.19.2`.
 * @throws RequestError when what answers is not Bitbucket's REST API, or nothing does
 */
export async function readVersion(bitbucket: BitbucketClient): Promise<string> {
  const operation = "GET application-properties";
  const answer = await bitbucket.send({ method: "GET", path: "application-properties", operation });
  const version = textField(answer.json, "version");
  if (version !== undefined && /^\d+\.\d/.test(version)) return version;
  throw new RequestError(
    { service: "bitbucket", operation, code: "unexpected_answer" },
    "does BITBUCKET_HOST name the right context path?",
  );
}
