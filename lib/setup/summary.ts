import type { WebhookLevel } from "../bitbucket/webhook-events.ts";

/** What a setup did, or would have done. */
export interface SetupSummary {
  /** False when something has to be done by hand: see `webhooks.failed`. */
  readonly ok: boolean;
  readonly blueprints: BlueprintCounts;
  readonly webhooks: {
    /** null when it was not found out. */
    readonly level: WebhookLevel | null;
  } & WebhookCounts;
  /** What an operator should know and need not mend; absent where there is nothing. */
  readonly notes?: readonly string[];
  /** Only where the stack's own secret was to be rotated; "would …" says what a dry run left undone. */
  readonly rotation?: "done" | "unfinished" | "would begin" | "would go on";
}

export interface BlueprintCounts {
  created: number;
  /** Something was missing and was added. */
  extended: number;
  unchanged: number;
  /** Properties and relations that users gave another form, which was left. */
  readonly conflicts: string[];
}

export interface WebhookCounts {
  created: number;
  updated: number;
  removed: number;
  unchanged: number;
  /** A sentence for each project or repository whose webhook is not as it should be. */
  readonly failed: string[];
}

export function noBlueprints(): BlueprintCounts {
  return { created: 0, extended: 0, unchanged: 0, conflicts: [] };
}

export function noWebhooks(): WebhookCounts {
  return { created: 0, updated: 0, removed: 0, unchanged: 0, failed: [] };
}

/** The summary of a setup that could not begin. */
export function notBegun(faults: readonly string[]): SetupSummary {
  return {
    ok: false,
    blueprints: noBlueprints(),
    webhooks: { level: null, ...noWebhooks(), failed: [...faults] },
  };
}

/** The summary with these notes before its own. */
export function withNotes(summary: SetupSummary, notes: readonly string[]): SetupSummary {
  const all = [...notes, ...(summary.notes ?? [])];
  return all.length === 0 ? summary : { ...summary, notes: all };
}
