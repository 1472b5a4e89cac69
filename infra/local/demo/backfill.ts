import { setTimeout as delay } from "node:timers/promises";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { Stack } from "../stack.ts";

const patienceMs = 60_000;
const pollEveryMs = 50;

/** A resync of the demo's Bitbucket. */
export async function showBackfill(stack: Stack, port: NonNullable<Stack["port"]>): Promise<void> {
  const { projects } = (await stack.invoke("resync", { state: "ALL" })) as { projects: number };
  const sizes = await sizesAfterBackfill(stack, port);
  console.log(`backfill of ${projects} projects: ${sizes ?? "still going on"}`);
}

/** The catalog's sizes by blueprint, when the backfill queue has been worked off; undefined when that takes too long. */
async function sizesAfterBackfill(
  { queues }: Stack,
  port: NonNullable<Stack["port"]>,
): Promise<string | undefined> {
  const command = new GetQueueAttributesCommand({
    QueueUrl: queues.urls["BackfillQueue"],
    AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
  });
  const until = performance.now() + patienceMs;
  while (performance.now() < until) {
    const { Attributes = {} } = await queues.client.send(command);
    if (Object.values(Attributes).every((count) => count === "0")) {
      const sizes = port.blueprints().map(({ identifier: it }) => `${port.entities(it).length} ${it}`);
      return sizes.join(", ");
    }
    await delay(pollEveryMs);
  }
  return undefined;
}
