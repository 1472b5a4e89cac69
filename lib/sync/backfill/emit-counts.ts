import { emitMetrics } from "../../metrics.ts";
import { countMetrics } from "../counts.ts";
import type { BackfillContext } from "./context.ts";

/** Emits what an invocation did as metrics. */
export function emitCounts(functionName: string, context: BackfillContext): void {
  const { counts, port, bitbucket } = context;
  emitMetrics(functionName, {
    ...countMetrics(counts),
    portCalls: port.calls(),
    bitbucketCalls: bitbucket.calls(),
  });
}
