/** The text of an answer, no more of it than `maxBytes` where that is given. */
export async function readBody(response: Response, maxBytes: number | undefined): Promise<string> {
  if (maxBytes === undefined) return response.text();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    parts.push(part);
    size += part.byteLength;
    // Leaving the loop ends the transfer.
    if (size >= maxBytes) break;
  }
  return new TextDecoder().decode(Buffer.concat(parts).subarray(0, maxBytes));
}

/** What kept an answer from coming, e.g. `ECONNREFUSED`. */
export function networkCode(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return cause instanceof Error ? cause.name : "unknown";
}

/** Port's `error` or the last part of Bitbucket's `exceptionName`; both are identifiers, not free text. */
export function errorCode(text: string): string | undefined {
  const port = /"error"\s*:\s*"([\w.-]{1,80})"/.exec(text)?.[1];
  return port ?? /"exceptionName"\s*:\s*"[\w.]*?(\w{1,80})"/.exec(text)?.[1];
}
