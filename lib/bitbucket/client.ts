import type { BitbucketConfig } from "../config/config.ts";
import { RequestError } from "../errors.ts";
import type { CallCounts, HttpAnswer, HttpRequest } from "../http/client.ts";
import { type ClientOptions, createServiceHttp } from "../http/service-client.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import type { Address, RepositoryAddress } from "./address.ts";
import { isBitbucketError, type Page, readPage, unexpected } from "./answers.ts";
import { createLoginWatch } from "./login.ts";
import { hasTextDates, withEpochDates } from "./objects.ts";

/** Bitbucket's REST API, as much of it as the sync needs. Every call can throw RequestError. */
export interface BitbucketClient extends CallCounts {
  /** The object at an address as it is now, dates in epoch ms; undefined when Bitbucket says 404. */
  object(address: Address): Promise<JsonObject | undefined>;
  /** A user by slug; undefined only when Bitbucket says that there is no such user. */
  user(slug: string): Promise<JsonObject | undefined>;
  /** The tip of the default branch; undefined when there is none yet. */
  latestCommit(repository: RepositoryAddress): Promise<JsonObject | undefined>;
  /** The text of a file on the default branch, its first megabyte; undefined when there is none. */
  file(repository: RepositoryAddress, path: string): Promise<string | undefined>;
  /**
   * A listing, page by page, the largest that the server grants; dates in epoch ms. It is complete when it ends, or it
   * throws (with status 404 when what should be listed is gone).
   * @param path e.g. `projects/KEY/repos`, with a query where it needs one
   * @param start of the first page that is wanted
   */
  pages(path: string, operation: string, start?: number): AsyncGenerator<Page>;
  /** One page of a listing. */
  page(path: string, operation: string, start: number): Promise<Page>;
  /** Any other call. */
  send(request: BitbucketRequest): Promise<HttpAnswer>;
}

export interface BitbucketRequest
  extends Pick<HttpRequest, "method" | "operation" | "accept" | "plain" | "maxBytes"> {
  /** Beneath `rest/api/1.0/`, with its query. */
  readonly path: string;
  readonly body?: JsonObject;
}

/** Of a file no more is read, in bytes: anyone who may push can make it as large as he likes. */
const largestFile = 1_000_000;

export type { Page } from "./answers.ts";

/** Asked for; a server that caps it says so in its answer. */
const pageSize = 1000;

/** @see https://developer.atlassian.com/server/bitbucket/rest/ */
export function createBitbucketClient(config: BitbucketConfig, options: ClientOptions): BitbucketClient {
  const login = createLoginWatch(config.authorization);
  const http = createServiceHttp("bitbucket", {
    concurrency: config.concurrency,
    ...options,
    beforeAttempt: login.check,
  });

  async function send({ path, body, ...request }: BitbucketRequest): Promise<HttpAnswer> {
    const { authorization } = config;
    try {
      const answer = await http.send({
        ...request,
        url: `${config.host}/rest/api/1.0/${path}`,
        headers: { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: options.signal?.(),
      });
      login.accepted();
      return answer;
    } catch (error) {
      throw error instanceof RequestError ? login.refused(error) : error;
    }
  }

  async function get(path: string, operation: string) {
    return send({ method: "GET", path, operation, accept: [404] });
  }

  async function getObject(path: string, operation: string): Promise<JsonObject | undefined> {
    const answer = await get(path, operation);
    if (answer.status === 404) {
      // A proxy's or a wrong context path's 404 says nothing about the object.
      if (!isBitbucketError(answer.json)) throw unexpected(operation);
      return undefined;
    }
    if (!isJsonObject(answer.json)) throw unexpected(operation);
    return hasTextDates(answer.text) ? withEpochDates(answer.json) : answer.json;
  }

  async function getPage(path: string, operation: string, start: number): Promise<Page> {
    const separator = path.includes("?") ? "&" : "?";
    const page = await getObject(`${path}${separator}limit=${pageSize}&start=${start}`, operation);
    if (page === undefined)
      throw new RequestError({ service: "bitbucket", operation, status: 404, code: "gone" });
    return readPage(page, start, operation);
  }

  return {
    object: (address) => getObject(objectPath(address), `GET ${address.kind}`),

    async user(slug) {
      const operation = "GET user";
      const answer = await get(`users/${encodeURIComponent(slug)}`, operation);
      if (answer.status !== 404 && isJsonObject(answer.json)) return answer.json;
      // Not every version may know this address, so any other 404 proves nothing.
      if (answer.text.includes("NoSuchUserException")) return undefined;
      throw unexpected(operation);
    },

    async latestCommit(repository) {
      const page = await getObject(`${objectPath(repository)}/commits?limit=1`, "GET commits");
      const commits = page?.["values"];
      const tip = Array.isArray(commits) ? commits[0] : undefined;
      return isJsonObject(tip) ? tip : undefined;
    },

    async file(repository, path) {
      const encoded = path.split("/").map(encodeURIComponent).join("/");
      const answer = await send({
        method: "GET",
        path: `${objectPath(repository)}/raw/${encoded}`,
        operation: "GET raw file",
        accept: [404],
        plain: true,
        maxBytes: largestFile,
      });
      if (answer.status !== 404) return answer.text;
      if (!isBitbucketError(answer.json)) throw unexpected("GET raw file");
      return undefined;
    },

    async *pages(path, operation, from = 0) {
      for (let start: number | undefined = from; start !== undefined; ) {
        const page: Page = await getPage(path, operation, start);
        yield page;
        start = page.next;
      }
    },

    page: getPage,

    send,

    calls: http.calls,
    throttled: http.throttled,
  };
}

/** The path of an object beneath `rest/api/1.0/`. */
export function objectPath(address: Address): string {
  const project = `projects/${encodeURIComponent(address.key)}`;
  if (address.kind === "project") return project;
  const repository = `${project}/repos/${encodeURIComponent(address.slug)}`;
  return address.kind === "repository" ? repository : `${repository}/pull-requests/${address.id}`;
}
