import type { BitbucketClient, Page } from "../bitbucket/client.ts";
import { RequestError } from "../errors.ts";
import { createServiceHttp } from "../http/service-client.ts";
import { wait } from "../time.ts";
import { atOnce, besideAfterMs } from "./at-once.ts";

/**
 * The first page of projects, which a run begins with anyway: no call more than without. A large Bitbucket may take its
 * time for it; where it does, its cheapest address is asked as well, and only when that does not answer either is it a fault.
 * @param afterMs so long the page may take before anything else is asked
 * @returns undefined when Bitbucket answers, but not with the page
 * @throws RequestError of the call that tells what is wrong
 */
export async function readFirstPage(
  bitbucket: Pick<BitbucketClient, "page" | "baseUrl">,
  afterMs = besideAfterMs,
): Promise<Page | undefined> {
  const ended = new AbortController();
  let answers = false;
  const { retries, retryForMs } = atOnce;
  const page = bitbucket.page("projects", "GET projects", 0, { retries, retryForMs, signal: ended.signal });
  const beside = askBeside(bitbucket.baseUrl, afterMs, ended.signal).then(() => {
    answers = true;
    return page;
  });
  try {
    return await Promise.race([page, beside]);
  } catch (error) {
    const isLate = error instanceof RequestError && error.failure.code === "TimeoutError";
    if (answers && isLate) return undefined;
    throw error;
  } finally {
    ended.abort();
  }
}

/** Without the log-in, which one call alone may try as long as it is not proven. */
async function askBeside(baseUrl: string, afterMs: number, signal: AbortSignal): Promise<void> {
  await wait(afterMs, signal);
  const http = createServiceHttp("bitbucket", { maxWaitMs: atOnce.retryForMs });
  await http.send({
    ...atOnce,
    method: "GET",
    url: `${baseUrl}/rest/api/1.0/application-properties`,
    operation: "GET application-properties",
    // Whatever it says: somebody is there.
    plain: true,
    isAnswer: () => true,
    signal,
  });
}
