import { request } from "node:http";
import { text } from "node:stream/consumers";

/** A function ended with an error instead of an answer. */
export class FunctionError extends Error {
  override name = "FunctionError";
}

/** Calls a function and gives its answer. Rejects with a FunctionError when the function failed. */
export type Invoke = (functionName: string, event: object) => Promise<unknown>;

/**
 * Calls functions through Lambda's invoke API.
 * @param endpoint base URL of the API
 */
export function createInvoke(endpoint: string): Invoke {
  return async (functionName, event) => {
    const url = new URL(`/2015-03-31/functions/${functionName}/invocations`, endpoint);
    const { status, failed, body } = await post(url, JSON.stringify(event));
    if (failed || status !== 200) throw new FunctionError(`${functionName} failed (${status}): ${body}`);
    return body === "" ? undefined : (JSON.parse(body) as unknown);
  };
}

interface Answer {
  readonly status: number;
  readonly failed: boolean;
  readonly body: string;
}

/** Not by fetch, which gives up on an answer after five minutes: functions may run for fifteen. */
async function post(url: URL, body: string): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const call = request(url, { method: "POST", headers: { "content-type": "application/json" } });
    call.once("error", reject);
    call.once("response", (response) => {
      const failed = response.headers["x-amz-function-error"] !== undefined;
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, failed, body }), reject);
    });
    call.end(body);
  });
}
