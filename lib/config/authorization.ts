import type { Environment } from "./config.ts";

interface Credentials {
  readonly BITBUCKET_TOKEN?: string | undefined;
  readonly BITBUCKET_USERNAME?: string | undefined;
  readonly BITBUCKET_PASSWORD?: string | undefined;
}

/**
 * The value of the `Authorization` header; undefined when there are no credentials, or half of them.
 * A token wins over a password: project and repository tokens work as Bearer only, and many sites turn Basic off.
 */
export function authorization(it: Credentials): string | undefined {
  if (it.BITBUCKET_TOKEN !== undefined) return `Bearer ${it.BITBUCKET_TOKEN}`;
  if (it.BITBUCKET_USERNAME === undefined || it.BITBUCKET_PASSWORD === undefined) return undefined;
  return `Basic ${Buffer.from(`${it.BITBUCKET_USERNAME}:${it.BITBUCKET_PASSWORD}`).toString("base64")}`;
}

/** As BITBUCKET_HOST: there is no Bitbucket. */
export const none = "none";

/** Settings that only make sense together; looked at by themselves, so that no other fault hides them. */
export function credentialFaults(set: Environment): string[] {
  const { BITBUCKET_HOST: host, BITBUCKET_USERNAME: username, BITBUCKET_PASSWORD: password } = set;
  return [
    username !== undefined && password === undefined
      ? "BITBUCKET_PASSWORD is not set, but BITBUCKET_USERNAME is"
      : "",
    password !== undefined && username === undefined
      ? "BITBUCKET_USERNAME is not set, but BITBUCKET_PASSWORD is"
      : "",
    host === undefined && authorization(set) !== undefined
      ? "BITBUCKET_HOST is not set, but credentials for it are"
      : "",
  ].filter((fault) => fault !== "");
}

/** What is missing of a Bitbucket that is written to. */
export function missingCredentials(set: Environment): string[] {
  if (authorization(set) !== undefined) return [];
  return [
    ...(set["BITBUCKET_HOST"] === undefined
      ? [`BITBUCKET_HOST is not set (${none} where there is no Bitbucket)`]
      : []),
    "neither BITBUCKET_TOKEN nor BITBUCKET_USERNAME and BITBUCKET_PASSWORD are set",
  ];
}

/** What is missing of a Bitbucket that is read from; one sentence where there is none at all. */
export function missingBitbucket(set: Environment): string[] {
  if (set["BITBUCKET_HOST"] !== undefined || authorization(set) !== undefined) return missingCredentials(set);
  return [
    "BITBUCKET_HOST is not set or none (on AWS: bitbucketHost), and this needs a Bitbucket to read from, with BITBUCKET_TOKEN or " +
      "BITBUCKET_USERNAME and BITBUCKET_PASSWORD; without one events alone fill the catalog",
  ];
}
