import type { BitbucketConfig } from "../config/config.ts";
import type { CallCounts } from "../http/client.ts";
import { createPageWatch } from "../http/pages.ts";
import type { HttpAnswer, Hurry } from "../http/request.ts";
import type { ClientOptions } from "../http/service-client.ts";
import type { JsonObject } from "../json.ts";
import type { Place, RepositoryAddress } from "./address.ts";
import { type Page, readPage } from "./answers.ts";
import { type FileAt, readCommits, readFile, readFileAt } from "./content.ts";
import { readDefaultBranch } from "./default-branch.ts";
import { objectPath } from "./path.ts";
import { type BitbucketRequest, createRest } from "./rest.ts";
import { type Changes, readChanges, readPaths } from "./tree.ts";
import { readUserWhereabouts, readWhereabouts, type Whereabouts } from "./whereabouts.ts";

export type { Page } from "./answers.ts";
export type { FileAt } from "./content.ts";
export type { Changes } from "./tree.ts";

/**
 * Bitbucket's REST API, as much of it as the sync needs. Every call can throw RequestError, but for the questions for an
 * object, whose answer may be that nobody can tell.
 * @see https://developer.atlassian.com/server/bitbucket/rest/
 */
export interface BitbucketClient extends CallCounts {
  /** Without a slash behind. */
  readonly baseUrl: string;
  /** What is at an address now, dates in epoch ms. Throws only when time is up. */
  find(address: Place): Promise<Whereabouts>;
  /** The tip of the default branch; undefined when there is none yet. */
  latestCommit(repository: RepositoryAddress): Promise<JsonObject | undefined>;
  /** The text of a file on the default branch, its first megabyte; undefined when there is none. */
  file(repository: RepositoryAddress, path: string): Promise<string | undefined>;
  /**
   * A file at a commit (a hash), at most `maxBytes` of it; `missing` only where Bitbucket says that there is no such
   * path. @throws TypeError for a path with segments that are empty, `.` or `..`
   */
  fileAt(repository: RepositoryAddress, path: string, commit: string, maxBytes: number): Promise<FileAt>;
  /**
   * The paths of all files at a commit (a hash): every page of them, or it throws. Undefined when Bitbucket says that
   * this commit is not there.
   */
  paths(repository: RepositoryAddress, commit: string): Promise<readonly string[] | undefined>;
  /** What differs between two commits (hashes); undefined when one of them is not there any more. */
  changes(repository: RepositoryAddress, since: string, until: string): Promise<Changes | undefined>;
  /** The full name of the default branch, e.g. `refs/heads/main`; undefined when there is none yet. */
  defaultBranch(repository: RepositoryAddress): Promise<string | undefined>;
  /**
   * A listing, page by page, the largest that the server grants; dates in epoch ms. It is complete when it ends, or it
   * throws. At the old address of something renamed it may show what is at the new one.
   * @param path e.g. `projects/KEY/repos`, with a query where it needs one
   * @param start of the first page that is wanted
   */
  pages(path: string, operation: string, start?: number): AsyncGenerator<Page>;
  /** One page of a listing, which may say that the listing breaks off after it. */
  page(path: string, operation: string, start: number, hurry?: Hurry): Promise<Page>;
  /** Any other call. */
  send(request: BitbucketRequest): Promise<HttpAnswer>;
  /** Makes sure that Bitbucket still knows us. @throws RequestError when it answers as to nobody */
  confirmSignIn(): Promise<void>;
}

/** Asked for; a server that caps it says so in its answer. */
const pageSize = 1000;

export function createBitbucketClient(config: BitbucketConfig, options: ClientOptions): BitbucketClient {
  const rest = createRest(config, options);

  async function getPage(path: string, operation: string, start: number, hurry?: Hurry): Promise<Page> {
    const separator = path.includes("?") ? "&" : "?";
    const whole = `${path}${separator}limit=${pageSize}&start=${start}`;
    return readPage(await rest.getObject(whole, operation, hurry), start, operation);
  }

  return {
    baseUrl: config.host,

    find(address) {
      const operation = `GET ${address.kind}`;
      if (address.kind === "user") {
        const path = `users/${encodeURIComponent(address.slug)}`;
        return rest.ask(path, operation, (answer, _, otherwise) =>
          readUserWhereabouts(address.slug, answer, otherwise),
        );
      }
      return rest.ask(objectPath(address), operation, (answer, url, otherwise) =>
        readWhereabouts(address, answer, url, otherwise),
      );
    },

    latestCommit: (repository) => readCommits(repository, rest),

    file: (repository, path) => readFile(repository, path, rest),

    defaultBranch: (repository) => readDefaultBranch(repository, rest),

    fileAt: (repository, path, commit, maxBytes) => readFileAt(repository, path, commit, maxBytes, rest),

    paths: (repository, commit) => readPaths(repository, commit, rest),

    changes: (repository, since, until) => readChanges(repository, since, until, rest),

    async *pages(path, operation, from = 0) {
      const watch = createPageWatch("bitbucket", operation);
      for (let start: number | undefined = from; start !== undefined; ) {
        const page: Page = await getPage(path, operation, start);
        if (page.brokenOff !== undefined) throw page.brokenOff;
        yield page;
        start = page.next;
        if (start !== undefined) watch(start, page.values.length);
      }
    },

    page: getPage,
    send: rest.send,
    confirmSignIn: rest.confirmSignIn,
    calls: rest.calls,
    throttled: rest.throttled,
  };
}
