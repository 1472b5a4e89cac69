import type { Answer } from "../http.ts";
import { bytesOf } from "../http-send.ts";
import type { Context } from "./context.ts";
import type { Repository } from "./model.ts";
import { refused } from "./refusals.ts";
import type { Broken, CommitTrouble, ListTrouble } from "./trouble.ts";

const broken = new WeakMap<Repository, Broken>();

export function breakRepository(repository: Repository, how: Broken): void {
  broken.set(repository, how);
}

/** The true answer, or what comes in its place when this part of a repository is broken. */
export function spoiled(
  context: Context,
  repository: Repository,
  part: keyof Broken,
  answer: () => Answer,
): Answer {
  const trouble = broken.get(repository)?.[part];
  if (trouble === undefined) return answer();
  if (typeof trouble === "object") return "status" in trouble ? trouble : { ...answer(), ...trouble };
  if (typeof trouble === "number") return refusal(part, trouble, context.request.call.path);
  return inWords(trouble, answer, context.request.call.path);
}

function inWords(
  trouble: Extract<ListTrouble | CommitTrouble, string>,
  answer: () => Answer,
  path: string,
): Answer {
  switch (trouble) {
    case "never-ends":
      return { status: 200, body: '{"values":[', neverEnds: true };
    case "page":
    case "page-404":
      return { ...proxyPage, status: trouble === "page" ? 200 : 404 };
    case "nameless-401":
    case "nameless-403":
    case "nameless-404":
      throw refused(Number(trouble.slice(-3)), `${path} cannot be read.`);
    case "no-such-commit":
      throw refused(404, "The commit does not exist.", "commit.NoSuchCommitException");
    case "cut":
      return { ...answer(), breaksOff: true };
    case "stalls":
      return { ...answer(), stalls: true };
    case "cut-unnoticed":
      return cut(answer());
    default:
      return spoiledPage(trouble, answer());
  }
}

/** What stands before Bitbucket, or a log-in page, has to say. */
const proxyPage = {
  body: "<!DOCTYPE html><html><body>One moment, please</body></html>",
  headers: { "content-type": "text/html" },
  bare: true,
};

/** Half of an answer that looks whole. */
function cut(answer: Answer): Answer {
  const { payload, isJson } = bytesOf(answer.body);
  const type: Record<string, string> = isJson ? { "content-type": "application/json; charset=utf-8" } : {};
  const body = payload.subarray(0, Math.floor(payload.length / 2));
  return { ...answer, body, headers: { ...type, ...answer.headers } };
}

function spoiledPage(trouble: "no-next-page" | "same-page" | "empty", answer: Answer): Answer {
  const { nextPageStart: _, ...page } = answer.body as Record<string, unknown>;
  if (trouble === "empty") return { ...answer, body: { ...page, size: 0, values: [], isLastPage: true } };
  const next = trouble === "same-page" ? { nextPageStart: page["start"] } : {};
  return { ...answer, body: { ...page, isLastPage: false, ...next } };
}

function refusal(part: keyof Broken, status: number, path: string): Answer {
  if (status === 204) return { status };
  throw refused(status, `${path} cannot be read.`, exceptions[status] ?? missing[part]);
}

const exceptions: Readonly<Record<number, string>> = {
  400: "scm.InvalidPathException",
  401: "AuthorisationException",
  403: "AuthorisationException",
  409: "repository.NoDefaultBranchException",
  500: "scm.CommandFailedException",
};

const missing: Readonly<Record<keyof Broken, string>> = {
  object: "repository.NoSuchRepositoryException",
  commits: "repository.NoDefaultBranchException",
  raw: "content.NoSuchPathException",
  files: "repository.NoDefaultBranchException",
  changes: "repository.NoSuchRepositoryException",
  pullRequests: "repository.NoSuchRepositoryException",
  pullRequest: "pull.NoSuchPullRequestException",
};
