import { createBitbucketClient } from "../bitbucket/client.ts";
import type { BitbucketConfig, Config } from "../config/config.ts";
import type { ClientOptions } from "../http/service-client.ts";
import { portPath } from "../mapping/load.ts";
import { createBlueprintClient } from "../port/blueprint-client.ts";
import { loadBlueprints } from "../port/blueprints.ts";
import type { PortSide, SetupContext, WebhookTarget } from "./context.ts";

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
  return {
    ...createPortSide(config, tell, signal),
    ...target,
    bitbucket: createBitbucketClient(config.bitbucket, patient(signal)),
    projects: config.projects,
    personalProjects: config.personalProjects,
    readsFiles: config.gitops !== undefined,
    webhooksPerRepository: config.webhooksPerRepository,
  };
}

/** As much of a context as there is without a Bitbucket. */
export function createPortSide(
  config: Config,
  tell: SetupContext["tell"],
  signal: () => AbortSignal | undefined = () => undefined,
): PortSide {
  return {
    port: createBlueprintClient(config.port, patient(signal)),
    blueprints: loadBlueprints(portPath("blueprints"), config.mapping, config.gitops !== undefined),
    tell,
  };
}

function patient(signal: () => AbortSignal | undefined): ClientOptions {
  return { retriesWhenLimited: Number.POSITIVE_INFINITY, maxWaitMs, signal };
}
