import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { describeError, log } from "../aws/log.ts";
import { emitMetrics } from "../aws/metrics.ts";
import { createVersionedSecret } from "../aws/secret-version.ts";
import type { SecretReader } from "../aws/secrets.ts";
import type { BitbucketClient } from "../bitbucket/client.ts";
import { eventsUnknownTo, wantedEvents } from "../bitbucket/webhook-events.ts";
import type { Config, Environment } from "../config/config.ts";
import type { WebhookContext } from "./context.ts";
import { reconcileProjectWebhooks } from "./project-webhooks.ts";
import { withSigningSecret } from "./signing-client.ts";
import { signingSecret } from "./signing-secret.ts";
import { noWebhooks } from "./summary.ts";
import { readTarget, webhookSecret } from "./target.ts";
import { readWebhookSupport } from "./webhook-support.ts";

/** Makes sure of a project's webhook. Never throws: what is wrong is a warning with the project's key. */
export type KeepWebhook = (project: string) => Promise<void>;

/** Gives what keeps webhooks in place with these settings; undefined where there is no webhook of the stack. */
export type WebhookKeeper = (
  config: Pick<Config, "webhooksPerRepository">,
  bitbucket: BitbucketClient,
  signal: AbortSignal,
) => KeepWebhook | undefined;

/**
 * What a container keeps between invocations: the events that this Bitbucket refused.
 * @param client the one that `secrets` reads with
 */
export function createWebhookKeeper(
  env: Environment,
  secrets: SecretReader,
  client: SecretsManagerClient,
): WebhookKeeper {
  const unknownEvents = new Set<string>();
  if (!env["WEBHOOK_URL"] || !env["WEBHOOK_SECRET_ID"]) return () => undefined;

  return ({ webhooksPerRepository }, bitbucket, signal) =>
    async (project) => {
      try {
        const target = await readTarget(env, secrets, signal);
        // What the reader remembers may have been rotated away: a webhook is written with what is right then.
        const secret = createVersionedSecret(webhookSecret(env), client, signal);
        const signing = withSigningSecret(bitbucket, () => signingSecret(secret, Date.now));
        const { version, ...support } = await readWebhookSupport({ bitbucket, webhooksPerRepository });
        for (const event of eventsUnknownTo(version, wantedEvents(support.level))) unknownEvents.add(event);
        const context: WebhookContext = {
          ...target,
          ...support,
          bitbucket: signing,
          remove: false,
          rotate: false,
          dryRun: false,
          strayWebhooks: "when-created",
          unknownEvents,
          counts: noWebhooks(),
          unverified: [],
          tell: (note) => log("warn", "webhook note", { project, note }),
        };
        await reconcileProjectWebhooks(project, context);
        report(project, context.counts);
      } catch (error) {
        log("warn", "webhook not looked at", { project, ...describeError(error) });
        emitMetrics({ webhooksFailed: 1 });
      }
    };
}

function report(project: string, { failed, created, updated, removed }: WebhookContext["counts"]): void {
  if (failed.length > 0) log("warn", "webhook not in place", { project, failed: failed.slice(0, 20) });
  emitMetrics({ webhooksFailed: failed.length });
  const changed = created + updated + removed > 0;
  if (changed) log("info", "webhook brought in order", { project, created, updated, removed });
}
