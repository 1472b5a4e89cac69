import type { BitbucketClient } from "../bitbucket/client.ts";
import type { BitbucketEvent } from "../bitbucket/events.ts";
import type { Kind } from "../bitbucket/objects.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { PortClient } from "../port/client.ts";
import type { BackfillMessage } from "../queue/backfill-message.ts";
import type { Memory } from "./memory.ts";
import type { TargetOf } from "./relations.ts";

/** An event of the live queue. */
export interface LiveEvent {
  readonly deliveryId: string;
  /** When the webhook took it, epoch ms. */
  readonly acceptedAt: number;
  readonly event: BitbucketEvent;
}

/** What every path works with. */
export interface SyncContext {
  readonly port: PortClient;
  readonly mapper: Mapper;
  readonly targetOf: TargetOf;
  readonly memory: Memory;
  /** Told of each entity that was written or deleted. */
  readonly report?: (what: "created" | "updated" | "deleted", kind: Kind, identifier: string) => void;
}

/** What the live path works with. */
export interface LiveContext extends SyncContext {
  /** Absent when no Bitbucket is configured: events are then taken at their word. */
  readonly bitbucket: BitbucketClient | undefined;
  readonly sendBackfill: (message: BackfillMessage) => Promise<void>;
  /** An event that waited longer than this (ms) may be overtaken by now, and is checked against Bitbucket. */
  readonly lateAfterMs?: number;
}
