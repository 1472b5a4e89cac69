import type { Webhook } from "./webhooks.ts";

/** What ours has to be. */
export interface WantedWebhook {
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
}

/** What to do with the webhooks of one owner. */
export interface WebhookPlan {
  readonly write?: "create" | { readonly update: Webhook };
  readonly remove: readonly Webhook[];
}

/** Whether a webhook leads to our address, whoever made it. */
export function isOurs(webhook: Pick<Webhook, "url">, url: string): boolean {
  return canonical(webhook.url) === canonical(url);
}

/**
 * Decides, without doing anything. All of `ours` lead to our address; one stays, the best of them.
 * @param wanted undefined = none is wanted
 * @param rotate writes the secret anew, which Bitbucket does not show
 */
export function planWebhooks(
  ours: readonly Webhook[],
  wanted: WantedWebhook | undefined,
  rotate = false,
): WebhookPlan {
  if (wanted === undefined) return { remove: ours };
  const kept = ours.find((webhook) => isAsWanted(webhook, wanted)) ?? ours[0];
  if (kept === undefined) return { write: "create", remove: [] };
  const remove = ours.filter((webhook) => webhook !== kept);
  return isAsWanted(kept, wanted) && !rotate ? { remove } : { write: { update: kept }, remove };
}

/** Whether certificates are verified is not looked at: somebody who turned that off by hand had a reason. */
function isAsWanted(webhook: Webhook, { name, events }: WantedWebhook): boolean {
  return (
    webhook.name === name &&
    webhook.active !== false &&
    webhook.events.length === events.length &&
    events.every((event) => webhook.events.includes(event))
  );
}

function canonical(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}
