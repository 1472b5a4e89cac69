import type { Answer } from "../http.ts";

/**
 * What is answered in place of something: a status as Bitbucket words it, or without the exception's name, a proxy's
 * page, an answer that ends midway, which the connection shows or does not, one that stalls midway, one that never ends, one
 * that is late, or any other answer.
 */
export type Trouble =
  | 204
  | 400
  | 401
  | 403
  | 404
  | 409
  | 500
  | "nameless-401"
  | "nameless-403"
  | "nameless-404"
  | "page"
  | "page-404"
  | "cut"
  | "cut-unnoticed"
  | "stalls"
  | "never-ends"
  | { readonly afterMs: number }
  | Answer;
/** Pages may also lead nowhere, to no next one though it is not the last, or to themselves; or have nothing on them. */
export type ListTrouble = Trouble | "no-next-page" | "same-page" | "empty";
/** What is at a commit: it may be said that the commit, which is there, is not. */
export type CommitTrouble = "no-such-commit";

/** What of a repository cannot be read, and how it fails. */
export type Broken = {
  /** The repository asked for by its own address. */
  readonly object?: Trouble;
  /** Its tip and its history. */
  readonly commits?: ListTrouble | CommitTrouble;
  /** Its files, by `raw` and `browse`. */
  readonly raw?: Trouble | CommitTrouble;
  /** The listing of its files' paths. */
  readonly files?: ListTrouble | CommitTrouble;
  /** What differs between its commits. */
  readonly changes?: ListTrouble | CommitTrouble;
  /** The listing of its pull requests. */
  readonly pullRequests?: ListTrouble;
  /** Each of its pull requests asked for by number. */
  readonly pullRequest?: Trouble;
};
