import type { Answer, Request } from "../http.ts";
import type { JsonStyle } from "./json-style.ts";
import type { BitbucketData } from "./model.ts";
import type { BitbucketSimulatorOptions } from "./types.ts";

type Set =
  | "version"
  | "pageCap"
  | "pageGaps"
  | "filesCap"
  | "changesCap"
  | "changesCut"
  | "detectMoves"
  | "pathText"
  | "adminUsers"
  | "maskSecrets"
  | "now"
  | "moved"
  | "hidden"
  | "anonymousUsers";

export type Settings = Required<Pick<BitbucketSimulatorOptions, Set>>;

/** What every route works with. `login` is how the caller came in; nobody's sees what is public. */
export type Context = {
  readonly data: BitbucketData;
  readonly settings: Settings;
  readonly style: JsonStyle;
  readonly request: Request;
  readonly login: "basic" | "bearer" | "anonymous" | "none";
};

/** `parameters` are those of the path, in order; the last may span several segments. */
export type Route = (context: Context, ...parameters: string[]) => Answer;

export function ok(body: unknown, status = 200): Answer {
  return { status, body };
}
