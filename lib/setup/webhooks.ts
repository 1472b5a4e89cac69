import { eventsUnknownTo, wantedEvents } from "../bitbucket/webhook-events.ts";
import { createGate } from "../http/gate.ts";
import type { SetupContext, WebhookContext } from "./context.ts";
import type { Diagnosis } from "./diagnose.ts";
import { reconcileProjectWebhooks } from "./project-webhooks.ts";
import type { SetupRequest } from "./request.ts";
import { noWebhooks, type WebhookCounts } from "./summary.ts";

/** Projects that are worked on together; calls are bounded by the client. */
const projectsTogether = 8;

/** Brings the webhooks of all projects in order. A project that cannot be done is among the failures. */
export async function setUpWebhooks(
  diagnosis: Diagnosis,
  request: SetupRequest,
  context: SetupContext,
): Promise<WebhookCounts> {
  const { version, level, hasProjectLevel, projects } = diagnosis;
  const counts = { ...noWebhooks(), failed: [...projects.failed] };
  const unknown = eventsUnknownTo(version, wantedEvents(level));
  if (unknown.length > 0 && !request.remove) {
    context.tell(`Bitbucket ${version} does not know ${unknown.join(", ")}: left out`);
  }
  const webhookContext: WebhookContext = {
    ...request,
    ...context,
    level,
    hasProjectLevel,
    strayWebhooks: "always",
    unknownEvents: new Set(unknown),
    counts,
    unverified: [],
  };
  // One alone finds out which events are refused.
  const [first, ...rest] = projects.keys;
  if (first !== undefined) await reconcileProjectWebhooks(first, webhookContext);
  const gate = createGate(projectsTogether);
  await Promise.all(rest.map((key) => gate(() => reconcileProjectWebhooks(key, webhookContext))));
  tellUnverified(webhookContext);
  return counts;
}

/** Owners that one sentence names. */
const named = 20;

function tellUnverified({ unverified, tell }: WebhookContext): void {
  if (unverified.length === 0) return;
  const more = unverified.length > named ? ` and ${unverified.length - named} more` : "";
  tell(
    `webhooks that do not verify the certificate of the address that they lead to, as somebody set in Bitbucket ` +
      `(sslVerificationRequired), are left like that: ${unverified.slice(0, named).join(", ")}${more}`,
  );
}
