import { RequestError } from "../errors.ts";
import { errorCode } from "../http/answer.ts";
import type { HttpAnswer } from "../http/request.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import type { RepositoryAddress } from "./address.ts";
import { unexpected } from "./answers.ts";
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
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  const answer = await rest.send({
    method: "GET",
    path: `${objectPath(repository)}/raw/${encoded}`,
    operation,
    accept: [404],
    plain: true,
    maxBytes: largestFile,
    ...patience,
  });
  return isNone(answer, operation) ? undefined : answer.text;
}

function isNone(answer: HttpAnswer, operation: string): boolean {
  const { status } = answer;
  if (status === 204 || (status === 404 && names(answer, notInRepository))) return true;
  if (status !== 404) return false;
  throw new RequestError({ service: "bitbucket", operation, status, code: errorCode(answer.text) });
}
