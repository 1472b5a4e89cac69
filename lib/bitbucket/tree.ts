import { createPageWatch } from "../http/pages.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { RepositoryAddress } from "./address.ts";
import { failure, readAnyPage, unexpected } from "./answers.ts";
import { field, textField } from "./objects.ts";
import { objectPath } from "./path.ts";
import type { Rest } from "./rest.ts";
import { names } from "./whereabouts.ts";

/** What is asked for; where the server caps it, it says so in its answer. */
const mostPaths = 100_000;
/** The server's own cap (`page.max.changes`): no page leads past it, so that more is never known to be all. */
const mostChanges = 1_000;
/** A repository that is broken stays so for a while, and others wait. */
const patience = { retries: 3, timeoutMs: 20_000 } as const;
/** What Bitbucket says where a commit is not there; any other 404 may be about the repository, or a proxy's. */
const noSuchCommit = /(^|\.)(NoSuchCommit|NoSuchChangeset|NoSuchObject)Exception$/;

/** What differs between two commits. */
export interface Changes {
  /** Of every touched file; of one that was moved the old path, too. */
  readonly paths: readonly string[];
  /** False where Bitbucket does not tell all of it. */
  readonly isComplete: boolean;
}

/**
 * @param commit a hash
 * @returns the paths of all files at a commit; undefined when Bitbucket says that there is no such commit
 * @throws RequestError also where the listing breaks off
 */
export async function readPaths(
  repository: RepositoryAddress,
  commit: string,
  rest: Rest,
): Promise<readonly string[] | undefined> {
  const operation = "GET files";
  const path = `${objectPath(repository)}/files?at=${encodeURIComponent(commit)}`;
  const watch = createPageWatch("bitbucket", operation);
  const paths: string[] = [];
  for (let start: number | undefined = 0; start !== undefined; ) {
    const json = await getPage(`${path}&limit=${mostPaths}&start=${start}`, operation, rest);
    if (json === undefined) return undefined;
    const page = readAnyPage(json, start, operation);
    if (page.brokenOff !== undefined) throw page.brokenOff;
    if (!page.values.every(isPath)) throw unexpected(operation);
    for (const value of page.values) paths.push(value);
    start = page.next;
    if (start !== undefined) watch(start, page.values.length);
  }
  return paths;
}

/**
 * @param since a hash, as `until`
 * @returns undefined when Bitbucket says that one of the commits is not there (any more)
 * @throws RequestError
 */
export async function readChanges(
  repository: RepositoryAddress,
  since: string,
  until: string,
  rest: Rest,
): Promise<Changes | undefined> {
  const operation = "GET changes";
  const range = `since=${encodeURIComponent(since)}&until=${encodeURIComponent(until)}`;
  const path = `${objectPath(repository)}/changes?${range}`;
  const paths = new Set<string>();
  let count = 0;
  for (let start = 0; ; ) {
    const json = await getPage(`${path}&limit=${mostChanges}&start=${start}`, operation, rest);
    if (json === undefined) return undefined;
    const { values, next, brokenOff } = readAnyPage(json, start, operation);
    const touched = values.map(touchedPaths);
    for (const one of touched.flat()) paths.add(one);
    count += values.length;
    const isOdd = brokenOff !== undefined || touched.some(({ length }) => length === 0);
    // An empty page after others is what some servers have behind their cap.
    const isCut = count >= mostChanges || (start > 0 && values.length === 0);
    if (isOdd || isCut) return { paths: [...paths], isComplete: false };
    if (next === undefined) return { paths: [...paths], isComplete: !isFull(json, values) };
    start = next;
  }
}

/** A page with as much as the server gives may be the last one because it gives no more. */
function isFull({ limit }: JsonObject, values: readonly Json[]): boolean {
  return typeof limit === "number" && values.length >= limit;
}

/** Those of a change; none where it does not say which. */
function touchedPaths(change: Json): string[] {
  const path = pathOf(field(change, "path"));
  if (path === undefined) return [];
  const from = field(change, "type") === "COPY" ? undefined : pathOf(field(change, "srcPath"));
  return from === undefined ? [path] : [path, from];
}

/** `toString` is in answers, but in no schema. */
function pathOf(path: Json | undefined): string | undefined {
  if (!isJsonObject(path)) return undefined;
  const { components } = path;
  if (!Array.isArray(components)) {
    return Object.hasOwn(path, "toString") ? textField(path, "toString") : undefined;
  }
  return components.length > 0 && components.every(isPath) ? components.join("/") : undefined;
}

function isPath(value: Json): value is string {
  return typeof value === "string" && value !== "";
}

/** @returns undefined when Bitbucket says that the commit is not there */
async function getPage(path: string, operation: string, rest: Rest): Promise<JsonObject | undefined> {
  const answer = await rest.send({ method: "GET", path, operation, accept: [404], ...patience });
  if (answer.status === 404) {
    if (names(answer, noSuchCommit)) return undefined;
    throw failure(answer, operation);
  }
  if (!isJsonObject(answer.json)) throw unexpected(operation);
  return answer.json;
}
