import { wantedEvents } from "../bitbucket/webhook-events.ts";
import { isOurs, planWebhooks, type WantedWebhook, type WebhookPlan } from "../bitbucket/webhook-plan.ts";
import {
  deleteWebhook,
  listWebhooks,
  type Webhook,
  type WebhookBody,
  type WebhookOwner,
  writeWebhook,
} from "../bitbucket/webhooks.ts";
import type { WebhookContext } from "./context.ts";

/** What webhooks of ours are called in Bitbucket. */
const name = "bitbucket-port-sync";

/**
 * Brings the webhooks of one project or repository in order: one of ours where it belongs, none elsewhere. Others'
 * are left alone. What is new is there before what is old goes, so that no event is missed.
 * @returns whether one was created
 * @throws RequestError
 */
export async function reconcileWebhooks(owner: WebhookOwner, context: WebhookContext): Promise<boolean> {
  const { bitbucket, url, counts, dryRun } = context;
  const ours = (await listWebhooks(owner, bitbucket)).filter((webhook) => isOurs(webhook, url));
  const isWanted = !context.remove && owner.kind === context.level;
  const { write, remove } = isWanted
    ? await writeWanted(owner, ours, context)
    : planWebhooks(ours, undefined);
  for (const { id } of remove) {
    if (!dryRun) await deleteWebhook(owner, id, bitbucket);
    counts.removed++;
  }
  if (write === "create") counts.created++;
  else if (write !== undefined) counts.updated++;
  else if (isWanted) counts.unchanged++;
  return write === "create";
}

/** Plans and writes, with fewer events each time that Bitbucket says that it does not know some. */
async function writeWanted(
  owner: WebhookOwner,
  ours: readonly Webhook[],
  context: WebhookContext,
): Promise<WebhookPlan> {
  const { bitbucket, url, unknownEvents, tell } = context;
  for (;;) {
    const events = wantedEvents(context.level).filter((event) => !unknownEvents.has(event));
    const plan = planWebhooks(ours, { name, url, events }, context.rotate);
    if (plan.write === undefined || context.dryRun) return plan;
    const kept = plan.write === "create" ? undefined : plan.write.update;
    const refused = await writeWebhook(
      owner,
      kept?.id,
      bodyOf({ name, url, events }, kept, context),
      bitbucket,
    );
    if (refused.length === 0) return plan;
    for (const event of refused) {
      if (!unknownEvents.has(event)) tell(`this Bitbucket does not know the event ${event}: it is left out`);
      unknownEvents.add(event);
    }
  }
}

/** What else is configured stays; the secret is always ours, as the one that Bitbucket shows may be masked. */
function bodyOf(wanted: WantedWebhook, kept: Webhook | undefined, { secret }: WebhookContext): WebhookBody {
  const configuration = { ...(kept?.configuration as WebhookBody["configuration"] | undefined), secret };
  return { ...wanted, active: true, sslVerificationRequired: true, configuration };
}
