import { isOurs, planWebhooks } from "../bitbucket/webhook-plan.ts";
import { deleteWebhook, listWebhooks, type WebhookOwner } from "../bitbucket/webhooks.ts";
import type { WebhookContext } from "./context.ts";
import { writeWantedWebhook } from "./wanted-webhook.ts";

/**
 * Brings the webhooks of one project or repository in order: one of ours where it belongs, none elsewhere. Others'
 * are left alone. What is new is there before what is old goes, so that no event is missed.
 * @returns whether one was created
 * @throws RequestError
 */
export async function reconcileWebhooks(owner: WebhookOwner, context: WebhookContext): Promise<boolean> {
  const { bitbucket, url, counts, dryRun, unverified } = context;
  const ours = (await listWebhooks(owner, bitbucket)).filter((webhook) => isOurs(webhook, url));
  const isWanted = !context.remove && owner.kind === context.level;
  const { write, remove } = isWanted
    ? await writeWantedWebhook(owner, ours, context)
    : planWebhooks(ours, undefined);
  const kept = isWanted ? ours.filter((webhook) => !remove.includes(webhook)) : [];
  if (kept.some((webhook) => webhook.sslVerificationRequired === false)) unverified.push(nameOf(owner));
  for (const { id } of remove) {
    if (!dryRun) await deleteWebhook(owner, id, bitbucket);
    counts.removed++;
  }
  if (write === "create") counts.created++;
  else if (write !== undefined) counts.updated++;
  else if (isWanted) counts.unchanged++;
  return write === "create";
}

function nameOf(owner: WebhookOwner): string {
  return owner.kind === "project" ? `project:${owner.key}` : `repository:${owner.key}/${owner.slug}`;
}
