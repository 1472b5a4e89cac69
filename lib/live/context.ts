import type { BitbucketClient } from "../bitbucket/client.ts";
import type { BitbucketEvent } from "../bitbucket/events.ts";
import type { BackfillMessage } from "../queue/backfill-message.ts";
import type { SyncContext } from "../sync/context.ts";

/** An event of the live queue. */
export interface LiveEvent {
  readonly deliveryId: string;
  /** When the webhook took it, epoch ms. */
  readonly acceptedAt: number;
  readonly event: BitbucketEvent;
}

/** What the live path works with. */
export interface LiveContext extends SyncContext {
  /** Absent when no Bitbucket is configured: events are then taken at their word. */
  readonly bitbucket: BitbucketClient | undefined;
  readonly sendBackfill: (message: BackfillMessage) => Promise<void>;
  /** An event that waited longer than this (ms) may be overtaken by now, and is checked against Bitbucket. */
  readonly lateAfterMs?: number;
}
