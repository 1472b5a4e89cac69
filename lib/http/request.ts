import type { Json } from "../json.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  /** How errors and logs name this call: a pattern without values, e.g. `GET /projects/{key}`. */
  readonly operation: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
  /** Statuses besides 2xx that are answers rather than failures. */
  readonly accept?: readonly number[];
  /** Tells further failures that are answers. */
  readonly isAnswer?: (answer: HttpAnswer) => boolean;
  /** Takes any text; without it the answer's body has to be JSON (a proxy's HTML page is a failure). */
  readonly plain?: boolean;
  /** Reads no more of the content than this, in bytes. */
  readonly maxBytes?: number;
  /** Attempts after the first for network errors and 5xx, where there should be fewer than usual. */
  readonly retries?: number;
  /** ms for one attempt, where that should be less than usual. */
  readonly timeoutMs?: number;
  /** No further attempt begins later than so many ms after the first; default: as long as there are retries. */
  readonly retryForMs?: number;
}

/** How a call is made whose answer is wanted at once. */
export type Hurry = Pick<HttpRequest, "timeoutMs" | "retries" | "retryForMs" | "signal">;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as it came, where any text was taken. */
  readonly bytes?: Buffer;
  /** The body when it is JSON; undefined for an empty body or plain text. */
  readonly json: Json | undefined;
}
