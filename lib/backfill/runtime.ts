import { log } from "../aws/log.ts";
import { parsedSecret } from "../aws/parsed-secret.ts";
import { createSecretReader } from "../aws/secrets.ts";
import { createSecretsClient } from "../aws/secrets-manager.ts";
import type { Config, Environment } from "../config/config.ts";
import { parseBackfillConfig } from "../config/parse.ts";
import { credentialsSecret, parseStackConfig, requireSetting } from "../config/stack-settings.ts";
import { createBackfillDefinitions } from "../gitops/backfill.ts";
import { createGitops } from "../gitops/create.ts";
import { type Backlog, createBacklog } from "../queue/backlog.ts";
import { createQueue, createSqsClient, type Queue } from "../queue/queue.ts";
import { createWebhookKeeper } from "../setup/keep.ts";
import { createKnownBlueprints, type KnownBlueprints } from "../sync/model.ts";
import type { BackfillContext } from "./context.ts";
import { createBackfillContext } from "./create-context.ts";
import { createFinishedPasses } from "./finished-passes.ts";

/** The longest wait inside one invocation, in ms; longer ones are left to the queue, where they cost nothing. */
const maxWaitMs = 20_000;

export interface BackfillRuntime {
  readonly queue: Queue & Backlog;
  /** The context of an invocation; `signal` ends its calls. @throws ConfigError */
  context(signal: AbortSignal): Promise<BackfillContext>;
}

/** What a container of the backfill or resync function keeps between invocations. */
export function createBackfillRuntime(env: Environment): BackfillRuntime {
  const client = createSecretsClient();
  const secrets = createSecretReader(client);
  const tell = (note: string) => log("warn", "credentials secret", { note });
  const readConfig = parsedSecret(secrets, credentialsSecret(env), (text) =>
    parseStackConfig(text, env, parseBackfillConfig, tell),
  );
  const keeper = createWebhookKeeper(env, secrets, client);
  const sqs = createSqsClient();
  const queueUrl = requireSetting(env, "BACKFILL_QUEUE_URL");
  const finishedPasses = createFinishedPasses();
  let known: { readonly from: Config; readonly blueprints: KnownBlueprints } | undefined;
  return {
    queue: { ...createQueue(sqs, queueUrl), ...createBacklog(sqs, queueUrl) },
    async context(signal) {
      const config = await readConfig(signal);
      // Other settings may lead to another Port.
      if (known?.from !== config) known = { from: config, blueprints: createKnownBlueprints() };
      const { blueprints } = known;
      const context = await createBackfillContext(config, () => signal, maxWaitMs, undefined, blueprints);
      const definitionFiles = createBackfillDefinitions(createGitops(config.gitops, context));
      const keepWebhook = keeper(config, context.bitbucket, signal);
      return { ...context, definitionFiles, finishedPasses, keepWebhook };
    },
  };
}
