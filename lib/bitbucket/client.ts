import type { BitbucketConfig } from "../config.ts";
import { RequestError } from "../errors.ts";
import { createHttp } from "../http.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { userAgent } from "../version.ts";
import type { Address, RepositoryAddress } from "./address.ts";
import { field, withEpochDates } from "./objects.ts";

/** Bitbucket's REST API, as much of it as the sync needs. Every call can throw RequestError. */
export interface BitbucketClient {
  /** The object at an address as it is now, dates in epoch ms; undefined when Bitbucket says 404. */
  object(address: Address): Promise<JsonObject | undefined>;
  /** The tip of the default branch; undefined when there is none yet. */
  latestCommit(repository: RepositoryAddress): Promise<JsonObject | undefined>;
  /** The text of a file on the default branch; undefined when there is none. */
  file(repository: RepositoryAddress, path: string): Promise<string | undefined>;
  /** Calls made so far, retries included. */
  calls(): number;
}

export interface BitbucketClientOptions {
  /** ms for one attempt. */
  readonly timeoutMs?: number;
  readonly retries?: number;
  /** The longest wait, in ms, that a call spends on rate limits and retries before it fails. */
  readonly maxWaitMs: number;
  /** Ends every call and wait. */
  readonly signal?: () => AbortSignal | undefined;
}

/** @see https://developer.atlassian.com/server/bitbucket/rest/ */
export function createBitbucketClient(
  config: BitbucketConfig,
  options: BitbucketClientOptions,
): BitbucketClient {
  const http = createHttp({
    service: "bitbucket",
    userAgent,
    timeoutMs: options.timeoutMs ?? 15_000,
    retries: options.retries ?? 2,
    maxWaitMs: options.maxWaitMs,
  });

  async function get(path: string, operation: string, plain = false) {
    return http.send({
      method: "GET",
      url: `${config.host}/rest/api/1.0/${path}`,
      operation,
      headers: { authorization: config.authorization },
      signal: options.signal?.(),
      accept: [404],
      plain,
    });
  }

  async function getObject(path: string, operation: string): Promise<JsonObject | undefined> {
    const answer = await get(path, operation);
    if (answer.status === 404) {
      // A proxy's or a wrong context path's 404 says nothing about the object.
      if (!isBitbucketError(answer.json)) throw unexpected(operation);
      return undefined;
    }
    if (!isJsonObject(answer.json)) throw unexpected(operation);
    return withEpochDates(answer.json);
  }

  return {
    object: (address) => getObject(objectPath(address), `GET ${address.kind}`),

    async latestCommit(repository) {
      const page = await getObject(`${objectPath(repository)}/commits?limit=1`, "GET commits");
      const commits = page?.["values"];
      const tip = Array.isArray(commits) ? commits[0] : undefined;
      return isJsonObject(tip) ? tip : undefined;
    },

    async file(repository, path) {
      const encoded = path.split("/").map(encodeURIComponent).join("/");
      const answer = await get(`${objectPath(repository)}/raw/${encoded}`, "GET raw file", true);
      return answer.status === 404 ? undefined : answer.text;
    },

    calls: http.calls,
  };
}

function objectPath(address: Address): string {
  const project = `projects/${encodeURIComponent(address.key)}`;
  if (address.kind === "project") return project;
  const repository = `${project}/repos/${encodeURIComponent(address.slug)}`;
  return address.kind === "repository" ? repository : `${repository}/pull-requests/${address.id}`;
}

function isBitbucketError(json: unknown): boolean {
  return isJsonObject(json) && Array.isArray(field(json, "errors"));
}

function unexpected(operation: string): RequestError {
  return new RequestError(
    { service: "bitbucket", operation, code: "unexpected_answer" },
    "does BITBUCKET_HOST name the right context path?",
  );
}
