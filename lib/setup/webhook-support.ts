import { isAtLeast, readVersion } from "../bitbucket/version.ts";
import { firstWithProjectLevel, type WebhookLevel } from "../bitbucket/webhook-events.ts";
import type { SetupContext } from "./context.ts";

/** Where this Bitbucket can have webhooks, and where they belong. */
export interface WebhookSupport {
  readonly version: string;
  readonly level: WebhookLevel;
  /** Whether it has webhooks at projects at all. */
  readonly hasProjectLevel: boolean;
}

/** The level of webhooks: as the settings say, else by Bitbucket's version. @throws RequestError */
export async function readWebhookSupport(
  context: Pick<SetupContext, "bitbucket" | "webhooksPerRepository">,
): Promise<WebhookSupport> {
  const version = await readVersion(context.bitbucket);
  const isNew = isAtLeast(version, firstWithProjectLevel);
  const perRepository = context.webhooksPerRepository ?? !isNew;
  return {
    version,
    level: perRepository ? "repository" : "project",
    hasProjectLevel: isNew || !perRepository,
  };
}
