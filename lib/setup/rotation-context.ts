import type { VersionedSecret } from "../aws/secret-version.ts";
import { wait } from "../time.ts";
import type { SetupSummary } from "./summary.ts";

/** Time as a rotation sees it; tests bring one that does not have to be waited for. */
export interface Clock {
  /** Epoch ms. */
  readonly now: () => number;
  /** Rejects when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The time that everybody has. */
export const realClock: Clock = { now: Date.now, wait };

/** What a rotation works with. */
export interface RotationContext {
  readonly secret: VersionedSecret;
  /** Looks at both sides, writing nothing. @throws when a setup could not begin */
  readonly diagnose: () => Promise<unknown>;
  /** Gives all webhooks the secret that is right now (`signingSecret`), or in a dry run says what it would do. */
  readonly sendSecret: () => Promise<SetupSummary>;
  readonly clock: Clock;
  /** Ends every wait. */
  readonly signal: AbortSignal;
}
