import type { BitbucketClient, Page } from "../bitbucket/client.ts";
import { ConfigError } from "../errors.ts";
import type { PortClient } from "../port/client.ts";
import { atOnce } from "./at-once.ts";
import { asksForPatience, explain } from "./explain.ts";
import { readFirstPage } from "./first-page.ts";

/** Whom a run works with; who is left out is not asked. */
export interface AskedSides {
  readonly bitbucket?: Pick<BitbucketClient, "page" | "baseUrl"> | undefined;
  readonly port?: Pick<PortClient, "signIn" | "baseUrl"> | undefined;
}

/**
 * The first contact of a run is a question, not work: both sides are asked at once and without many tries, by calls that
 * the run makes anyway. What only asks for patience is told, and left to the run, which waits as it always does.
 * @param subject what cannot begin then, e.g. `The backfill cannot begin`
 * @returns Bitbucket's first page of projects, for the run to go on from; undefined when it was not to be had
 * @throws ConfigError with a sentence for each side that nothing can be done with, and what to do about it
 */
export async function makeContact(
  subject: string,
  sides: AskedSides,
  tell: (sentence: string) => void,
): Promise<Page | undefined> {
  const { bitbucket, port } = sides;
  const [page, token] = await Promise.allSettled([
    bitbucket && readFirstPage(bitbucket),
    port?.signIn(atOnce),
  ]);
  const faults: string[] = [];
  for (const side of [page, token]) {
    if (side.status === "fulfilled") continue;
    const sentence = explain(side.reason, sides);
    if (asksForPatience(side.reason)) tell(sentence);
    else faults.push(sentence);
  }
  if (faults.length > 0) throw new ConfigError(subject, faults);
  return page.status === "fulfilled" ? page.value : undefined;
}
