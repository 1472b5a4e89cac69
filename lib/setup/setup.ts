import { explain } from "../diagnosis/explain.ts";
import { ConfigError } from "../errors.ts";
import { setUpBlueprints } from "./blueprints.ts";
import type { SetupContext } from "./context.ts";
import { diagnose } from "./diagnose.ts";
import { parseSetupRequest } from "./request.ts";
import { noBlueprints, type SetupSummary, withNotes } from "./summary.ts";
import { setUpWebhooks } from "./webhooks.ts";

/**
 * Puts blueprints and webhooks in place, or takes the webhooks away. Both sides are looked at first. A project that
 * cannot be done is named and costs the others nothing.
 * @param input `{remove, rotate, dryRun}`, all optional
 * @throws ConfigError for another input, or with what is wrong with a side and what to do about it
 */
export async function setup(input: unknown, given: SetupContext): Promise<SetupSummary> {
  const request = parseSetupRequest(input);
  const notes: string[] = [];
  const context: SetupContext = {
    ...given,
    tell(note) {
      notes.push(note);
      given.tell(note);
    },
  };
  const diagnosis = await diagnose(request, context);
  const blueprints = request.remove
    ? noBlueprints()
    : await setUpBlueprints(diagnosis.blueprints, request.dryRun, context).catch(cannotWriteBlueprints);
  const webhooks = await setUpWebhooks(diagnosis, request, context);
  const done = { blueprints, webhooks: { level: diagnosis.level, ...webhooks } };
  return withNotes({ ok: webhooks.failed.length === 0, ...done }, notes);
}

function cannotWriteBlueprints(error: unknown): never {
  throw new ConfigError("The blueprints could not be written, and no webhook was", [explain(error)]);
}
