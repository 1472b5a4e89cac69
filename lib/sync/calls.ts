import type { CallCounts } from "../http/client.ts";

/** What has been asked of both sides so far, under the names of the metrics. */
export interface Calls {
  readonly portCalls: number;
  readonly portThrottled: number;
  readonly bitbucketCalls: number;
  readonly bitbucketThrottled: number;
}

/** Clients, which count from their first call on. */
interface Callers {
  readonly port: CallCounts;
  readonly bitbucket: CallCounts | undefined;
}

/** Everything that has been asked. */
export function callsOf({ port, bitbucket }: Callers): Calls {
  return {
    portCalls: port.calls(),
    portThrottled: port.throttled(),
    bitbucketCalls: bitbucket?.calls() ?? 0,
    bitbucketThrottled: bitbucket?.throttled() ?? 0,
  };
}

/** What has been asked since then. */
export function callsSince(before: Calls, callers: Callers): Calls {
  const now = callsOf(callers);
  return {
    portCalls: now.portCalls - before.portCalls,
    portThrottled: now.portThrottled - before.portThrottled,
    bitbucketCalls: now.bitbucketCalls - before.bitbucketCalls,
    bitbucketThrottled: now.bitbucketThrottled - before.bitbucketThrottled,
  };
}
