/** A message as Lambda hands it over. */
export interface Received {
  readonly id: string;
  readonly body: string;
  readonly receiptHandle: string;
  readonly groupId: string;
  /** How often it was delivered, this time included. */
  readonly receiveCount: number;
  /** When it came into the queue, epoch ms. */
  readonly sentAt: number;
}

/** What became of a message: done, to be delivered again, or never to succeed. */
export type MessageOutcome =
  | { readonly type: "done" | "again" }
  | { readonly type: "retry"; readonly retryAfterMs?: number }
  | { readonly type: "dead"; readonly reason: string; readonly status?: number };
