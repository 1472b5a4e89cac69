import type { BitbucketEvent } from "../bitbucket/events.ts";
import type { BackfillMessage } from "../queue/backfill-message.ts";
import type { SyncContext } from "../sync/context.ts";

/** An event of the live queue. */
export interface LiveEvent {
  readonly deliveryId: string;
  /** When the webhook took it, epoch ms. */
  readonly acceptedAt: number;
  /** How often its message was delivered, this time included. */
  readonly deliveries: number;
  readonly event: BitbucketEvent;
}

/** What the live path works with. */
export interface LiveContext extends SyncContext {
  readonly sendBackfill: (message: BackfillMessage) => Promise<void>;
}
