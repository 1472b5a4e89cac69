import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/** One call that a simulator received. `status` is 0 until it is answered, and stays 0 when the socket was reset. */
export type Call = {
  readonly method: string;
  /** The path as it was sent, still percent-encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON body; undefined when there was none or it was not JSON. */
  readonly body: unknown;
  status: number;
  /** When it arrived, in milliseconds since the epoch. */
  readonly at: number;
};

/** What a simulator's routes get to see of a call. */
export type Request = {
  readonly call: Call;
  readonly search: URLSearchParams;
  /** The path's segments, decoded one by one, so that an encoded slash stays within its segment. */
  readonly segments: readonly string[];
  readonly rawBody: Buffer;
  readonly bodyIs: "absent" | "json" | "malformed" | "too-large" | "another-type";
};

/** Reads a call to its end. A body of more than `maxBytes` is drained, not kept. */
export async function readRequest(message: IncomingMessage, maxBytes: number): Promise<Request> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
  }
  const { method = "", url = "/", headers } = message;
  return requestOf({ method, url, headers, body: Buffer.concat(chunks), isTooLarge: bytes > maxBytes });
}

/** A call that has come in whole. `url` is its path and query; header names are in lower case. */
export type Incoming = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly isTooLarge?: boolean;
};

export function requestOf({ method, url: target, headers, body: rawBody, isTooLarge }: Incoming): Request {
  const at = Date.now();
  const url = new URL(`http://simulator${target}`);
  const { bodyIs, body } = parseBody(rawBody, isTooLarge === true, headers["content-type"] ?? "");
  const query = Object.fromEntries(url.searchParams);
  const call = { method, path: url.pathname, query, headers, body, status: 0, at };
  return { call, search: url.searchParams, segments: decodedSegments(url.pathname), rawBody, bodyIs };
}

function parseBody(
  raw: Buffer,
  tooLarge: boolean,
  type: string,
): { bodyIs: Request["bodyIs"]; body?: unknown } {
  if (tooLarge) return { bodyIs: "too-large" };
  if (raw.length === 0) return { bodyIs: "absent" };
  if (!/^application\/json\b/i.test(type)) return { bodyIs: "another-type" };
  try {
    return { bodyIs: "json", body: JSON.parse(raw.toString("utf8")) };
  } catch {
    return { bodyIs: "malformed" };
  }
}

/** Splits a path and decodes its segments; one that cannot be decoded stays as it is. */
function decodedSegments(path: string): string[] {
  return path
    .split("/")
    .slice(1)
    .map((segment) => {
      try {
        return decodeURIComponent(segment);
      } catch {
        return segment;
      }
    });
}
