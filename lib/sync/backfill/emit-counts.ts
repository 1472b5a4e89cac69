import { emitMetrics } from "../../metrics.ts";
import { callsOf } from "../calls.ts";
import { countMetrics } from "../counts.ts";
import type { BackfillContext, Problems } from "./context.ts";

/** Emits what an invocation did as metrics. */
export function emitCounts(context: BackfillContext, problems: Problems): void {
  emitMetrics({ ...countMetrics(context.counts), problems: problems.length, ...callsOf(context) });
}
