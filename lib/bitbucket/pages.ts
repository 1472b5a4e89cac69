import type { BitbucketClient, Page } from "./client.ts";

/** A whole listing of which the first page was read already; without one, from its beginning. @throws RequestError */
export async function* pagesFrom(
  first: Page | undefined,
  path: string,
  operation: string,
  bitbucket: Pick<BitbucketClient, "pages">,
): AsyncGenerator<Page> {
  if (first === undefined) return yield* bitbucket.pages(path, operation);
  if (first.brokenOff !== undefined) throw first.brokenOff;
  yield first;
  if (first.next !== undefined) yield* bitbucket.pages(path, operation, first.next);
}
