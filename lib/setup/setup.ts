import { eventsUnknownTo, wantedEvents } from "../bitbucket/webhook-events.ts";
import { ConfigError } from "../errors.ts";
import { createGate } from "../http/gate.ts";
import { setUpBlueprints } from "./blueprints.ts";
import type { SetupContext, WebhookContext } from "./context.ts";
import { type Diagnosis, diagnose } from "./diagnose.ts";
import { explain } from "./explain.ts";
import { reconcileProjectWebhooks } from "./project-webhooks.ts";
import { parseSetupRequest, type SetupRequest } from "./request.ts";
import { noBlueprints, noWebhooks, type SetupSummary } from "./summary.ts";

/** Projects that are worked on together; calls are bounded by the client. */
const projectsTogether = 8;

/**
 * Puts blueprints and webhooks in place, or takes the webhooks away. Both sides are looked at first. A project that
 * cannot be done is named and costs the others nothing.
 * @param input `{remove, rotate, dryRun}`, all optional
 * @throws ConfigError for another input, or with what is wrong with a side and what to do about it
 */
export async function setup(input: unknown, context: SetupContext): Promise<SetupSummary> {
  const request = parseSetupRequest(input);
  const diagnosis = await diagnose(request, context);
  const blueprints = request.remove
    ? noBlueprints()
    : await setUpBlueprints(diagnosis.blueprints, request.dryRun, context).catch(cannotWriteBlueprints);
  const webhooks = await setUpWebhooks(diagnosis, request, context);
  return {
    ok: webhooks.failed.length === 0,
    blueprints,
    webhooks: { level: diagnosis.level, ...webhooks },
  };
}

function cannotWriteBlueprints(error: unknown): never {
  throw new ConfigError("The blueprints could not be written, and no webhook was", [explain(error)]);
}

async function setUpWebhooks(diagnosis: Diagnosis, request: SetupRequest, context: SetupContext) {
  const { version, level, hasProjectLevel, projects } = diagnosis;
  const counts = { ...noWebhooks(), failed: [...projects.failed] };
  const unknown = eventsUnknownTo(version, wantedEvents(level));
  if (unknown.length > 0 && !request.remove) {
    context.tell(`Bitbucket ${version} does not know ${unknown.join(", ")}: left out`);
  }
  const own: WebhookContext = {
    ...request,
    ...context,
    level,
    hasProjectLevel,
    sweep: "always",
    unknownEvents: new Set(unknown),
    counts,
  };
  // One alone finds out which events are refused.
  const [first, ...rest] = projects.keys;
  if (first !== undefined) await reconcileProjectWebhooks(first, own);
  const gate = createGate(projectsTogether);
  await Promise.all(rest.map((key) => gate(() => reconcileProjectWebhooks(key, own))));
  return counts;
}
