import type { SyncContext } from "./context.ts";
import type { Counts } from "./counts.ts";
import type { OutcomeCollector } from "./outcomes.ts";

/** What writing works with. */
export interface WriteRun {
  /** Makes bare entities for relations that still lead nowhere. */
  readonly createMissing: boolean;
  readonly collector: OutcomeCollector;
  readonly context: SyncContext;
  readonly counts: Counts;
}
