import { log } from "../aws/log.ts";
import { parsedSecret } from "../aws/parsed-secret.ts";
import { createSecretReader } from "../aws/secrets.ts";
import { createBitbucketClient } from "../bitbucket/client.ts";
import type { Config, Environment } from "../config/config.ts";
import { parseConfig } from "../config/parse.ts";
import { credentialsSecret, parseStackConfig, requireSetting } from "../config/stack-settings.ts";
import { createGitops } from "../gitops/create.ts";
import { createLiveDefinitions } from "../gitops/live.ts";
import { loadMapper, portPath } from "../mapping/load.ts";
import { loadBlueprints } from "../port/blueprints.ts";
import { createPortClient } from "../port/client.ts";
import { type BackfillMessage, outgoingBackfill } from "../queue/backfill-message.ts";
import { createQueue, createSqsClient } from "../queue/queue.ts";
import { mappingSide } from "../sync/mapping-side.ts";
import { createMemory } from "../sync/memory.ts";
import { targetsIn } from "../sync/relations.ts";
import type { ConsumeContext } from "./consume.ts";

/** The longest wait inside one invocation; longer ones are left to the queue, where they cost nothing. */
const maxWaitMs = 1_000;
/** One object that Bitbucket has no answer for must not use up the time of a whole batch: the queue tries it again. */
const impatient = { timeoutMs: 10_000, retriesWhenSlow: 0 } as const;

/** Gives the context of an invocation; `signal` ends its calls. */
export type ConsumerRuntime = (signal: AbortSignal) => Promise<ConsumeContext>;

/**
 * What a consumer's container keeps between invocations: clients with their connections and token, the compiled
 * mapping, and the memory. Credentials are read again every five minutes, so that a changed one is taken up.
 * @throws ConfigError when settings are missing or wrong
 */
export function createConsumerRuntime(env: Environment): ConsumerRuntime {
  const urls = {
    live: requireSetting(env, "LIVE_QUEUE_URL"),
    dead: requireSetting(env, "LIVE_DEAD_QUEUE_URL"),
    backfill: requireSetting(env, "BACKFILL_QUEUE_URL"),
  };
  const tell = (note: string) => log("warn", "credentials secret", { note });
  const readConfig = parsedSecret(createSecretReader(), credentialsSecret(env), (text) =>
    parseStackConfig(text, env, parseConfig, tell),
  );
  const sqs = createSqsClient();
  const backfill = createQueue(sqs, urls.backfill);
  const memory = createMemory();
  let signal: AbortSignal | undefined;
  let built: { readonly from: Config; readonly context: ConsumeContext } | undefined;

  return async (invocation) => {
    signal = invocation;
    const config = await readConfig(invocation);
    const mapper = built?.context.mapper.usable() ? built.context.mapper : undefined;
    if (built?.from === config && mapper !== undefined) return built.context;
    const clients = createClients(config, () => signal);
    const ready = mapper ?? (await loadMapper(config.mapping));
    const gitops = createGitops(config.gitops, { ...clients, mapper: ready });
    const sendBackfill = (message: BackfillMessage) => backfill.send(outgoingBackfill(message));
    const otherwise = targetsIn(loadBlueprints(portPath("blueprints"), config.mapping));
    const context: ConsumeContext = {
      ...clients,
      ...mappingSide(ready, clients.port, otherwise),
      definitionPushes: createLiveDefinitions(gitops, (definitions) => sendBackfill({ definitions })),
      memory,
      live: createQueue(sqs, urls.live),
      dead: createQueue(sqs, urls.dead),
      sendBackfill,
    };
    built = { from: config, context };
    return context;
  };
}

function createClients({ port, bitbucket }: Config, signal: () => AbortSignal | undefined) {
  const options = { maxWaitMs, signal };
  return {
    port: createPortClient(port, { ...options, concurrency: 4 }),
    bitbucket:
      bitbucket === undefined ? undefined : createBitbucketClient(bitbucket, { ...options, ...impatient }),
  };
}
