import { createBitbucketClient } from "../../../lib/bitbucket/client.ts";
import type { Config } from "../../../lib/config/config.ts";
import { makeContact } from "../../../lib/diagnosis/first-contact.ts";
import type { ClientOptions } from "../../../lib/http/service-client.ts";
import { createPortClient } from "../../../lib/port/client.ts";
import type { Settings } from "./settings.ts";

/**
 * Asks the sides that are real, so that what the functions would choke on with the first event is said now.
 * @throws ConfigError with a sentence for each side that nothing can be done with, and what to do about it
 */
export async function contactRealSides(
  { realBitbucket, realPort }: Settings,
  { bitbucket, port }: Config,
  tell: (sentence: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const options: ClientOptions = { maxWaitMs: 1_000, signal: () => signal };
  const sides = {
    ...(realBitbucket && bitbucket && { bitbucket: createBitbucketClient(bitbucket, options) }),
    ...(realPort && { port: createPortClient(port, options) }),
  };
  await makeContact("The pipeline cannot begin", sides, tell);
}
