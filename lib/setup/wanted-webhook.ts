import { wantedEvents } from "../bitbucket/webhook-events.ts";
import { planWebhooks, type WantedWebhook, type WebhookPlan } from "../bitbucket/webhook-plan.ts";
import { type Webhook, type WebhookBody, type WebhookOwner, writeWebhook } from "../bitbucket/webhooks.ts";
import type { WebhookContext } from "./context.ts";

/** What webhooks of ours are called in Bitbucket. */
const name = "bitbucket-port-sync";

/** Plans and writes, with fewer events each time that Bitbucket says that it does not know some. */
export async function writeWantedWebhook(
  owner: WebhookOwner,
  ours: readonly Webhook[],
  context: WebhookContext,
): Promise<WebhookPlan> {
  const { bitbucket, url, unknownEvents, tell } = context;
  for (;;) {
    const events = wantedEvents(context.level).filter((event) => !unknownEvents.has(event));
    const plan = planWebhooks(ours, { name, url, events }, context.rotate);
    if (plan.write === undefined || context.dryRun) return plan;
    const existing = plan.write === "create" ? undefined : plan.write.update;
    const refused = await writeWebhook(
      owner,
      existing?.id,
      bodyOf({ name, url, events }, existing, context),
      bitbucket,
    );
    if (refused.length === 0) return plan;
    for (const event of refused) {
      if (!unknownEvents.has(event)) tell(`this Bitbucket does not know the event ${event}: it is left out`);
      unknownEvents.add(event);
    }
  }
}

/**
 * What else is configured stays, and that certificates are not verified, where somebody turned that off; the secret is
 * always ours, as the one that Bitbucket shows may be masked.
 */
function bodyOf(
  wanted: WantedWebhook,
  existing: Webhook | undefined,
  { secret }: WebhookContext,
): WebhookBody {
  const configuration = { ...(existing?.configuration as WebhookBody["configuration"] | undefined), secret };
  const sslVerificationRequired = existing?.sslVerificationRequired ?? true;
  return { ...wanted, active: true, sslVerificationRequired, configuration };
}
