/** What a run of a backfill is asked for. */
export interface Asked {
  readonly projects?: readonly string[];
  readonly state?: "ALL" | "OPEN";
  readonly allowMassDelete?: boolean;
}

/** The product at work, wherever it runs: with events coming in, and backfills that one may ask for. */
export interface Machine {
  /** Posts an event to the webhook. @returns the status that Bitbucket gets */
  deliver(payload: object, requestId: string): Promise<number>;
  /** Invokes the resync function. */
  resync(asked: Asked): Promise<void>;
  /** `npm run backfill`. @returns what it names as problems */
  backfill(asked: Asked): Promise<readonly string[]>;
  /** Whether nothing is in a queue or under way. */
  isIdle(): Promise<boolean>;
  /** The bodies of messages that still wait. */
  left(): Promise<readonly string[]>;
  dead(): Promise<readonly { readonly reason: string; readonly body: string }[]>;
  stop(): Promise<void>;
}
