import { log } from "../aws/log.ts";
import { createBitbucketClient } from "../bitbucket/client.ts";
import type { BitbucketConfig, Config } from "../config/config.ts";
import type { ClientOptions } from "../http/service-client.ts";
import { loadMapper, portPath } from "../mapping/load.ts";
import { loadBlueprints } from "../port/blueprints.ts";
import { createPortClient } from "../port/client.ts";
import { zeroCounts } from "../sync/counts.ts";
import { mappingSide } from "../sync/mapping-side.ts";
import { createMemory } from "../sync/memory.ts";
import type { KnownBlueprints } from "../sync/model.ts";
import { targetsIn } from "../sync/relations.ts";
import { createBackpressure } from "./backpressure.ts";
import type { BackfillContext } from "./context.ts";

/** A backfill goes through the pull requests once: it only has to remember those that are looked at again. */
const rememberedEntities = 10_000;
/** A consumer that takes longer from reading Port to writing looks at what it wrote itself. */
const recheckAfterMs = 2_000;
/** Calls to Port under way at once; its rate limit headers slow it down where that is too fast. */
const portConcurrency = 16;

/**
 * A context for the settings, with clients that wait as long as Bitbucket and Port ask for.
 * @param signal ends every call and wait
 * @param maxWaitMs the longest single wait
 * @param stop ends every wait, and no new call begins
 * @param known what was read of Port's blueprints before
 * @throws ConfigError when the mapping has faults
 */
export async function createBackfillContext(
  config: Config & { readonly bitbucket: BitbucketConfig },
  signal: () => AbortSignal | undefined,
  maxWaitMs = 10 * 60_000,
  stop?: AbortSignal,
  known?: KnownBlueprints,
): Promise<BackfillContext> {
  const patient: ClientOptions = {
    // A page of a thousand pull requests takes Bitbucket its time.
    timeoutMs: 60_000,
    retries: 6,
    retriesWhenLimited: Number.POSITIVE_INFINITY,
    maxWaitMs,
    signal,
    stop,
  };
  const clients = {
    port: createPortClient(config.port, { ...patient, concurrency: portConcurrency }),
    bitbucket: createBitbucketClient(config.bitbucket, patient),
  };
  const mapper = await loadMapper(config.mapping);
  const otherwise = targetsIn(loadBlueprints(portPath("blueprints"), config.mapping));
  return {
    ...clients,
    backpressure: createBackpressure(),
    bases: new Set([config.bitbucket.host.toLowerCase()]),
    notes: [],
    ...mappingSide(mapper, clients.port, otherwise, known),
    memory: createMemory({ limit: rememberedEntities }),
    state: config.pullRequestState ?? mapper.pullRequestState,
    projects: config.projects,
    personalProjects: config.personalProjects,
    maxDeletePercent: config.maxDeletePercent,
    allowMassDelete: false,
    deleteSuperseded: false,
    dryRun: false,
    recheckAfterMs,
    counts: zeroCounts(config.gitops !== undefined),
    outOfTime: () => false,
    tell: (sentence) => log("warn", "a side asks for patience", { detail: sentence }),
  };
}
