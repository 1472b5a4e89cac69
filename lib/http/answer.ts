/** A page of a thousand pull requests with the longest descriptions takes half of it. Bytes. */
const largestBody = 64 * 1024 * 1024;

/**
 * The body of an answer, no more of it than `maxBytes` where that is given.
 * @returns undefined for a body that is larger than any answer; the rest of it is not read
 */
export async function readBody(response: Response, maxBytes?: number): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop ends the transfer.
  for await (const part of response.body ?? []) {
    parts.push(part);
    size += part.byteLength;
    if (size > (maxBytes ?? largestBody)) break;
  }
  if (maxBytes === undefined && size > largestBody) return undefined;
  return Buffer.concat(parts).subarray(0, maxBytes);
}

/** Where a redirect leads, without its path and query, which may hold anything. */
export function redirectTarget(headers: Headers, url: string): string | undefined {
  const location = headers.get("location");
  return location !== null && URL.canParse(location, url) ? new URL(location, url).origin : undefined;
}

/** What kept an answer from coming, e.g. `ECONNREFUSED`. */
export function networkCode(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  if (cause instanceof Error && cause.message === "bad port") return "bad_port";
  return cause instanceof Error ? cause.name : "unknown";
}

/** Port's `error` or the last part of Bitbucket's `exceptionName`; both are identifiers, not free text. */
export function errorCode(text: string): string | undefined {
  const port = /"error"\s*:\s*"([\w.-]{1,80})"/.exec(text)?.[1];
  return port ?? /"exceptionName"\s*:\s*"[\w.]*?(\w{1,80})"/.exec(text)?.[1];
}
