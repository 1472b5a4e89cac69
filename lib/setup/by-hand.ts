import { wantedEvents } from "../bitbucket/webhook-events.ts";
import { explain } from "../diagnosis/explain.ts";
import { ConfigError } from "../errors.ts";
import { setUpBlueprints } from "./blueprints.ts";
import type { PortSide } from "./context.ts";
import { checkPort } from "./diagnose.ts";

import type { SetupRequest } from "./request.ts";
import { noBlueprints, noWebhooks, type SetupSummary } from "./summary.ts";

/** What webhooks that are made by hand have to have. */
export interface HandMade {
  readonly url: string;
  /** Where the secret lies that they are signed with, in words. */
  readonly secretPlace: string;
}

const none = "no Bitbucket is configured (BITBUCKET_HOST; on AWS: bitbucketHost)";

/**
 * A setup without a Bitbucket, where events are taken at their word: puts the blueprints in place, and says what the
 * webhooks need that somebody has to make.
 * @throws ConfigError with what is wrong with Port; for a rotation, which has nobody to send the secret to
 */
export async function setUpByHand(
  { rotate, remove, dryRun }: SetupRequest,
  { url, secretPlace }: HandMade,
  port: PortSide,
): Promise<SetupSummary> {
  if (rotate) {
    throw new ConfigError("The webhook secret cannot be rotated", [
      `${none}, whose webhooks could be given the new secret: put a new value yourself (${secretPlace}), give it to every ` +
        "webhook by hand, and when all have it put the same value once more, which ends the old one",
    ]);
  }
  const blueprints = remove ? noBlueprints() : await writeBlueprints(dryRun, port);
  const note = remove
    ? `${none}: webhooks that lead to ${url} have to be taken away by hand`
    : `${none}: webhooks have to be made by hand, one on each project, or up to Bitbucket 8.7 one on each repository ` +
      `(there without project:modified). URL: ${url}. Secret: ${secretPlace}. Events: ` +
      wantedEvents("project").join(", ");
  port.tell(note);
  return { ok: true, blueprints, webhooks: { level: null, ...noWebhooks() }, notes: [note] };
}

async function writeBlueprints(dryRun: boolean, port: PortSide) {
  try {
    return await setUpBlueprints(await checkPort(port), dryRun, port);
  } catch (error) {
    throw new ConfigError("The blueprints could not be written", [explain(error, port)]);
  }
}
