import { emitMetrics, type Metrics } from "../aws/metrics.ts";
import { callsOf } from "../sync/calls.ts";
import { countMetrics } from "../sync/counts.ts";
import type { BackfillContext } from "./context.ts";

/** Emits what an invocation did as metrics, with these besides. */
export function emitCounts(context: BackfillContext, more: Metrics): void {
  emitMetrics({ ...countMetrics(context.counts), ...callsOf(context), ...more });
}
