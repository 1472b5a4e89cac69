import { setTimeout as delay } from "node:timers/promises";
import type { SQSEvent } from "aws-lambda";
import { doneRecords } from "../../infra/local/aws/batch-answer.ts";
import { startEventSource } from "../../infra/local/aws/event-source.ts";
import type { Closers } from "../../infra/local/closers.ts";
import { type Container, type ContainerOptions, startContainer } from "./container.ts";
import type { Stand } from "./stand.ts";

const patienceMs = 120_000;

/**
 * Has the consumer work off the live queue until that many messages are done, with the batch size and the number of
 * containers that serverless.yml gives it.
 */
export async function drain(
  messages: number,
  { service, queues }: Stand,
  options: ContainerOptions,
  closers: Closers,
): Promise<{ readonly seconds: number; readonly batches: number }> {
  const mapping = service.eventSources.find(({ queue }) => queue === "LiveQueue");
  if (mapping === undefined) throw new Error("serverless.yml: nothing listens to LiveQueue");
  // Started beforehand, so that their start is not counted.
  const idle = Array.from({ length: mapping.maximumConcurrency }, () => startContainer(options, closers));
  await Promise.all(idle.map((container) => container.run({ events: [], concurrency: 1 })));

  let left = messages;
  let batches = 0;
  const drained = Promise.withResolvers<void>();
  const begun = performance.now();
  const source = startEventSource({
    client: queues.client,
    queueUrl: queues.urls["LiveQueue"] ?? "",
    queueArn: queues.arns["LiveQueue"] ?? "",
    mapping,
    async invoke(_, event) {
      const { Records } = event as SQSEvent;
      // There are as many as it calls at a time.
      const container = idle.pop() as Container;
      const { answers } = await container
        .run({ events: [event], concurrency: 1 })
        .finally(() => idle.push(container));
      batches += 1;
      left -= doneRecords(Records, answers[0]).length;
      if (left <= 0) drained.resolve();
      return answers[0];
    },
    onError: drained.reject,
  });
  closers.add(() => source.stop());
  const patience = delay(patienceMs, undefined, { ref: false }).then(() => {
    throw new Error(`${left} of ${messages} events were not done after ${patienceMs / 1000} s`);
  });
  await Promise.race([drained.promise, patience]);
  const seconds = (performance.now() - begun) / 1000;
  await source.stop();
  return { seconds, batches };
}
