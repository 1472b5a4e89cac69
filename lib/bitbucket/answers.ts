import { notBitbucket, RequestError } from "../errors.ts";
import { errorCode } from "../http/answer.ts";
import type { HttpAnswer } from "../http/request.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { field } from "./objects.ts";

/** One page of a listing, of objects unless told otherwise. */
export interface Page<Value = JsonObject> {
  /** Where this page starts, in the server's own counting. */
  readonly start: number;
  readonly values: readonly Value[];
  /** Where the next page starts; undefined on the last one. It is not `start` plus the size of the page. */
  readonly next: number | undefined;
  /** Why the listing does not go on though this is not its last page. */
  readonly brokenOff?: RequestError;
}

/** @throws RequestError when the page does not say what it shows, and whether it is the last one */
export function readPage(page: JsonObject, start: number, operation: string): Page {
  const { values, ...rest } = readAnyPage(page, start, operation);
  return { ...rest, values: values.filter(isJsonObject) };
}

/** The same for whatever is listed. @throws RequestError */
export function readAnyPage(page: JsonObject, start: number, operation: string): Page<Json> {
  const { values, isLastPage, nextPageStart } = page;
  if (!Array.isArray(values) || typeof isLastPage !== "boolean") throw unexpected(operation);
  if (isLastPage) return { start, values, next: undefined };
  if (typeof nextPageStart !== "number" || !Number.isSafeInteger(nextPageStart) || nextPageStart <= start) {
    const failure = { service: "bitbucket", operation, status: 200, code: "no_next_page" } as const;
    const advice = "a page is not the last one and does not say where it goes on";
    const brokenOff = new RequestError(failure, advice);
    return { start, values, next: undefined, brokenOff };
  }
  return { start, values, next: nextPageStart };
}

/** Whether an error is Bitbucket's own, not a proxy's. */
export function isBitbucketError(json: unknown): boolean {
  return isJsonObject(json) && Array.isArray(field(json, "errors"));
}

/** The error for an answer that is none: Bitbucket's own word for it, or that it is not Bitbucket's. */
export function failure(
  { json, text, status }: HttpAnswer,
  operation: string,
  advice?: string,
): RequestError {
  const code = isBitbucketError(json) ? (errorCode(text) ?? "unclear") : notBitbucket;
  return new RequestError({ service: "bitbucket", operation, status, code }, advice);
}

/** An answer that Bitbucket would not give. */
export function unexpected(operation: string): RequestError {
  return new RequestError(
    { service: "bitbucket", operation, code: "unexpected_answer" },
    "does BITBUCKET_HOST name the right context path?",
  );
}
