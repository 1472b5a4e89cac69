import { RequestError, type RequestFailure } from "../../lib/errors.ts";

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
