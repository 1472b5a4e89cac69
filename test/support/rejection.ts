import type { Whereabouts } from "../../lib/bitbucket/whereabouts.ts";
import { RequestError, type RequestFailure } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";

/** What a promise rejects with; fails when it does not reject. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const settled = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in settled) return settled.error;
  throw new Error(`resolved instead of rejecting: ${JSON.stringify(settled.value)}`);
}

/** The failure of a promise that has to reject with a RequestError. */
export async function failureOf(promise: Promise<unknown>): Promise<RequestFailure> {
  const error = await rejection(promise);
  if (error instanceof RequestError) return error.failure;
  throw error;
}

/** The object that is there; fails when it is not, with the error when nobody can tell. */
export async function objectOf(answer: Promise<Whereabouts>): Promise<JsonObject> {
  const whereabouts = await answer;
  if (whereabouts.is === "unknown") throw whereabouts.error;
  if (whereabouts.is === "here") return whereabouts.object;
  throw new Error(`the object is ${whereabouts.is}`);
}
