import { createBitbucketClient } from "../bitbucket/client.ts";
import type { BitbucketConfig, Config } from "../config/config.ts";
import type { ClientOptions } from "../http/service-client.ts";
import { portPath } from "../mapping/load.ts";
import { createBlueprintClient } from "../port/blueprint-client.ts";
import { loadBlueprints } from "../port/blueprints.ts";
import type { SetupContext, WebhookTarget } from "./context.ts";

/** The longest single wait, in ms: as long as a limit of Bitbucket's or Port's asks for. */
const maxWaitMs = 60_000;

/**
 * A context for the settings.
 * @param signal ends every call and wait
 */
export function createSetupContext(
  config: Config & { readonly bitbucket: BitbucketConfig },
  target: WebhookTarget,
  tell: SetupContext["tell"],
  signal: () => AbortSignal | undefined = () => undefined,
): SetupContext {
  const options: ClientOptions = { retriesWhenLimited: Number.POSITIVE_INFINITY, maxWaitMs, signal };
  return {
    ...target,
    bitbucket: createBitbucketClient(config.bitbucket, options),
    port: createBlueprintClient(config.port, options),
    blueprints: loadBlueprints(portPath("blueprints"), config.mapping),
    projects: config.projects,
    webhooksPerRepository: config.webhooksPerRepository,
    tell,
  };
}
