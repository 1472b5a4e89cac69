import { RequestError } from "../errors.ts";
import { errorCode } from "../http/answer.ts";
import type { HttpAnswer } from "../http/request.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import type { RepositoryAddress } from "./address.ts";
import { failure, unexpected } from "./answers.ts";
import { field, withEpochDates } from "./objects.ts";
import { objectPath } from "./path.ts";
import type { Rest } from "./rest.ts";
import { names } from "./whereabouts.ts";

/** Of a file no more is read, in bytes: anyone who may push can make it as large as he likes. */
const largestFile = 1_000_000;
/** A repository that is broken stays so for a while, and others wait. */
const patience = { retries: 3, timeoutMs: 20_000 } as const;
/** What Bitbucket says where a branch, a commit or a file is not there; other 404s may mean the repository. */
const notInRepository =
  /(^|\.)(NoDefaultBranch|NoSuchPath|NoSuchBranch|NoSuchCommit|NoSuchChangeset|NoSuchObject)Exception$/;

const noSuchPath = /(^|\.)NoSuchPathException$/;

/** @returns the tip of the default branch, dates in epoch ms; undefined when there is none yet @throws RequestError */
export async function readCommits(
  repository: RepositoryAddress,
  rest: Rest,
): Promise<JsonObject | undefined> {
  const operation = "GET commits";
  const path = `${objectPath(repository)}/commits?limit=1`;
  const answer = await rest.send({ method: "GET", path, operation, accept: [404], ...patience });
  if (isNone(answer, operation)) return undefined;
  const commits = field(answer.json, "values");
  if (!Array.isArray(commits)) throw unexpected(operation);
  const [tip] = commits;
  return isJsonObject(tip) ? withEpochDates(tip) : undefined;
}

/** @returns the text of a file on the default branch; undefined when there is none @throws RequestError */
export async function readFile(
  repository: RepositoryAddress,
  path: string,
  rest: Rest,
): Promise<string | undefined> {
  const operation = "GET raw file";
  const answer = await rest.send({
    method: "GET",
    path: rawPath(repository, path),
    operation,
    accept: [404],
    plain: true,
    maxBytes: largestFile,
    ...patience,
  });
  return isNone(answer, operation) ? undefined : answer.text;
}

/** The address of a file; refuses what would lead elsewhere, or be taken away on the way. */
function rawPath(repository: RepositoryAddress, path: string): string {
  const segments = path.split("/");
  if (segments.some((segment) => ["", ".", ".."].includes(segment))) {
    throw new TypeError("a path in a repository has no empty segments, and none of . and ..");
  }
  return `${objectPath(repository)}/raw/${segments.map(encodeURIComponent).join("/")}`;
}

/** A file at a commit; not whole where it is larger than what was asked for. */
export type FileAt =
  | { readonly is: "here"; readonly bytes: Buffer; readonly isWhole: boolean }
  /** Bitbucket says that there is no such path at this commit. */
  | { readonly is: "missing" };

/** @param commit a hash @throws RequestError; TypeError for a path that none can have */
export async function readFileAt(
  repository: RepositoryAddress,
  path: string,
  commit: string,
  maxBytes: number,
  rest: Rest,
): Promise<FileAt> {
  const operation = "GET raw file";
  const answer = await rest.send({
    method: "GET",
    path: `${rawPath(repository, path)}?at=${encodeURIComponent(commit)}`,
    operation,
    accept: [404],
    plain: true,
    // One more tells whether there is more.
    maxBytes: maxBytes + 1,
    ...patience,
  });
  const { status, bytes } = answer;
  if (status === 404 && names(answer, noSuchPath)) return { is: "missing" };
  if (status !== 200 || bytes === undefined) throw failure(answer, operation);
  if (isPage(answer) && !/\.x?html?$/i.test(path)) throw unexpected(operation);
  return { is: "here", bytes: bytes.subarray(0, maxBytes), isWhole: bytes.length <= maxBytes };
}

/** A web page, as proxies and log-ins answer with. */
function isPage({ headers }: HttpAnswer): boolean {
  return /^text\/html\b/i.test(headers.get("content-type") ?? "");
}

function isNone(answer: HttpAnswer, operation: string): boolean {
  const { status } = answer;
  if (status === 204 || (status === 404 && names(answer, notInRepository))) return true;
  if (status !== 404) return false;
  throw new RequestError({ service: "bitbucket", operation, status, code: errorCode(answer.text) });
}
