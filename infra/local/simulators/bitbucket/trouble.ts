import type { Answer } from "../http.ts";

/** What is answered in place of something: a status as Bitbucket words it, an answer, or one without an end. */
export type Trouble = 204 | 400 | 401 | 404 | 409 | 500 | "never-ends" | Answer;
/** Pages may also lead nowhere: to no next one though it is not the last, or to themselves. */
export type ListTrouble = Trouble | "no-next-page" | "same-page";

/** What of a repository cannot be read, and how it fails. */
export type Broken = {
  /** The repository asked for by its own address. */
  readonly object?: Trouble;
  /** Its tip and its history. */
  readonly commits?: ListTrouble;
  /** Its files, by `raw` and `browse`. */
  readonly raw?: Trouble;
  /** The listing of its pull requests. */
  readonly pullRequests?: ListTrouble;
  /** Each of its pull requests asked for by number. */
  readonly pullRequest?: Trouble;
};
