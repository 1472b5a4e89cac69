import type { BitbucketClient } from "../bitbucket/client.ts";
import type { WebhookLevel } from "../bitbucket/webhook-events.ts";
import type { BlueprintClient } from "../port/blueprint-client.ts";
import type { Blueprint } from "../port/blueprints.ts";
import type { WebhookCounts } from "./summary.ts";

/** What the blueprints need. */
export interface PortSide {
  readonly port: BlueprintClient;
  /** Those of the mapping, in the order in which their relations need them. */
  readonly blueprints: readonly Blueprint[];
  /** Told, in a sentence, what an operator should know and need not mend. */
  readonly tell: (note: string) => void;
}

/** What a setup works with. */
export interface SetupContext extends PortSide, WebhookTarget {
  readonly bitbucket: BitbucketClient;
  /** Project keys that are wanted; empty = all. */
  readonly projects: readonly string[];
  /** Whether personal projects are wanted, all of them, beside those. */
  readonly personalProjects: boolean;
  /** Whether entities come from files in the repositories as well. */
  readonly readsFiles: boolean;
  /** Overrides what Bitbucket's version says. */
  readonly webhooksPerRepository: boolean | undefined;
}

export interface WebhookTarget {
  /** Where webhooks lead to. */
  readonly url: string;
  /** What they are signed with. */
  readonly secret: string;
}

/** What putting webhooks in place, or taking them away, works with. */
export interface WebhookContext extends WebhookTarget, Pick<SetupContext, "bitbucket" | "tell"> {
  readonly level: WebhookLevel;
  /** Whether this Bitbucket has webhooks at projects at all. */
  readonly hasProjectLevel: boolean;
  readonly remove: boolean;
  readonly rotate: boolean;
  readonly dryRun: boolean;
  /** Looks for webhooks of ours where they do not belong in every repository, or only when one was just created. */
  readonly strayWebhooks: "always" | "when-created";
  /** Events that this Bitbucket does not know; added to as it refuses some. */
  readonly unknownEvents: Set<string>;
  readonly counts: WebhookCounts;
  /** Owners of webhooks that do not verify certificates, as somebody wanted it; added to. */
  readonly unverified: string[];
}
