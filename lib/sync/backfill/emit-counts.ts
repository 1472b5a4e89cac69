import { emitMetrics } from "../../metrics.ts";
import { total } from "../counts.ts";
import type { BackfillContext } from "./context.ts";

/** Emits what an invocation did as metrics. */
export function emitCounts(functionName: string, context: BackfillContext): void {
  const { counts, port, bitbucket } = context;
  emitMetrics(functionName, {
    created: total(counts, "created"),
    upserted: total(counts, "created") + total(counts, "updated"),
    unchanged: total(counts, "unchanged"),
    older: total(counts, "older"),
    deleted: total(counts, "deleted"),
    withheld: total(counts, "withheld"),
    failed: total(counts, "failed"),
    portCalls: port.calls(),
    bitbucketCalls: bitbucket.calls(),
  });
}
