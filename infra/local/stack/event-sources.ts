import { setTimeout as delay } from "node:timers/promises";
import { type EventSourceOptions, startEventSource } from "../aws/event-source.ts";
import type { Invoke } from "../aws/invoke.ts";
import type { Queues } from "../aws/queues.ts";
import type { Service } from "../aws/service.ts";
import type { Closers } from "../closers.ts";

/** How long invocations that are under way may go on when the stack is stopped. */
const stopPatienceMs = 2000;

/** Brings the messages of each queue to the function that serverless.yml has listen to it. */
export function startEventSources(
  service: Service,
  { client, urls, arns }: Queues,
  invoke: Invoke,
  { onError }: Pick<EventSourceOptions, "onError">,
  closers: Closers,
): void {
  for (const mapping of service.eventSources) {
    const queueUrl = urls[mapping.queue];
    const queueArn = arns[mapping.queue];
    if (queueUrl === undefined || queueArn === undefined) {
      throw new Error(
        `serverless.yml: ${mapping.functionName} listens to an unknown queue, ${mapping.queue}`,
      );
    }
    const source = startEventSource({
      client,
      queueUrl,
      queueArn,
      mapping,
      invoke,
      ...(onError && { onError }),
    });
    closers.add(() => Promise.race([source.stop(), delay(stopPatienceMs, undefined, { ref: false })]));
  }
}
