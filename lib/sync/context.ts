import type { BitbucketClient } from "../bitbucket/client.ts";
import type { BitbucketEvent } from "../bitbucket/events.ts";
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

/** What the live path works with. */
export interface LiveContext {
  readonly port: PortClient;
  /** Absent when no Bitbucket is configured: events are then taken at their word. */
  readonly bitbucket: BitbucketClient | undefined;
  readonly mapper: Mapper;
  readonly targetOf: TargetOf;
  readonly memory: Memory;
  readonly sendBackfill: (message: BackfillMessage) => Promise<void>;
  /** An event that waited longer than this (ms) may be overtaken by now, and is checked against Bitbucket. */
  readonly lateAfterMs?: number;
}

/** What a batch did, for the metrics. */
export interface Counts {
  created: number;
  upserted: number;
  unchanged: number;
  older: number;
  deleted: number;
}

export function zeroCounts(): Counts {
  return { created: 0, upserted: 0, unchanged: 0, older: 0, deleted: 0 };
}
