import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { vi } from "vitest";
import { type Secrets, startSecrets } from "../../infra/local/aws/secrets.ts";
import { toRecord } from "../../infra/local/aws/sqs-event.ts";
import { readService } from "../../infra/local/aws/template.ts";
import { createClosers } from "../../infra/local/closers.ts";
import { addresses } from "../../infra/local/stack/environment.ts";
import { secretIds } from "../../infra/local/stack/secrets.ts";
import { type JsonObject, parseJson } from "../../lib/json.ts";
import { backfillMessageSchema, outgoingBackfill } from "../../lib/queue/backfill-message.ts";
import { createQueue } from "../../lib/queue/queue.ts";
import { type BackfillHarness, startBackfill } from "./backfill.ts";
import { settingsFor } from "./command.ts";
import { type QueueHarness, startQueueHarness } from "./queues.ts";

type Name = "webhook" | "consumer" | "resync" | "backfill";
/** A function's handler; `event` as AWS hands it over. */
export type Handler = (event: object | undefined, context: LambdaContext) => Promise<unknown>;
export interface LambdaContext {
  readonly getRemainingTimeInMillis: () => number;
}

/** Everything that the functions find on AWS, with both sides simulated. */
export interface FunctionsHarness {
  readonly world: BackfillHarness;
  readonly sqs: QueueHarness;
  readonly secrets: Secrets;
  /** What the functions logged so far, without metrics. */
  readonly logged: JsonObject[];
  /** The metrics that the functions emitted so far. */
  readonly metrics: JsonObject[];
  /** A function in a new container: its module is loaded anew, with the stack's settings and these. */
  container(name: Name, settings?: Readonly<Record<string, string>>): Promise<Handler>;
  /** Puts a message into a queue by its logical id. */
  send(queue: string, message: unknown): Promise<void>;
  /** An event of up to ten messages, as Lambda receives it; undefined when none is visible. */
  receive(queue: string, waitSeconds?: number): Promise<SQSEvent | undefined>;
  /** Hands a message over and deletes it when it is done, as Lambda does; the messages that stay. */
  invoke(queue: string, handler: Handler, event: SQSEvent, context?: LambdaContext): Promise<string[]>;
  close(): Promise<void>;
}

/** A context that leaves so much time (ms), for as long as it is looked at. */
export const remaining = (ms: number): LambdaContext => ({ getRemainingTimeInMillis: () => ms });
export const plenty = remaining(900_000);
const root = fileURLToPath(new URL("../../", import.meta.url));

export async function startFunctions(
  options: Parameters<typeof startBackfill>[0] = {},
): Promise<FunctionsHarness> {
  const closers = createClosers();
  const [world, sqs] = await Promise.all([startBackfill(options), startQueueHarness()]);
  const { PORT_API_URL, BITBUCKET_HOST, ...credentials } = settingsFor(world.bitbucket, world.live.simulator);
  const secrets = await startSecrets({
    [secretIds.credentials]: { AWSCURRENT: JSON.stringify(credentials) },
    [secretIds.webhook]: { AWSCURRENT: "a secret for tests" },
  });
  for (const part of [world, sqs, secrets]) closers.add(part.close);
  closers.add(() => vi.unstubAllEnvs());
  const stack = addresses(readService(root, "local"), sqs.queues, secrets);
  const { logged, metrics } = captureOutput(closers.add);
  const urlOf = (queue: string) => sqs.queues.urls[queue] ?? "";

  return {
    world,
    sqs,
    secrets,
    logged,
    metrics,
    async container(name, settings = {}) {
      const env = { ...stack, PORT_API_URL, BITBUCKET_HOST, PULL_REQUEST_STATE: "ALL", ...settings };
      for (const [key, value] of Object.entries(env)) vi.stubEnv(key, value);
      vi.resetModules();
      const module = (await import(`../../functions/${name}.ts`)) as { handler: Handler };
      return module.handler;
    },
    async send(queue, message) {
      const body = typeof message === "string" ? message : JSON.stringify(message);
      const known = backfillMessageSchema.safeParse(parseJson(body)).data;
      const groupId = known === undefined ? "unknown" : outgoingBackfill(known).groupId;
      await createQueue(sqs.queues.client, urlOf(queue)).send({
        body,
        groupId,
        deduplicationId: randomUUID(),
      });
    },
    async receive(queue, waitSeconds = 0) {
      const { Messages = [] } = await sqs.queues.client.send(
        new ReceiveMessageCommand({
          QueueUrl: urlOf(queue),
          MaxNumberOfMessages: queue === "BackfillQueue" ? 1 : 10,
          WaitTimeSeconds: waitSeconds,
          MessageSystemAttributeNames: ["All"],
          MessageAttributeNames: ["All"],
        }),
      );
      const arn = sqs.queues.arns[queue] ?? "";
      return Messages.length === 0
        ? undefined
        : { Records: Messages.map((message) => toRecord(message, arn)) };
    },
    async invoke(queue, handler, event, context = plenty) {
      const { batchItemFailures } = (await handler(event, context)) as SQSBatchResponse;
      const kept = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      for (const { messageId, receiptHandle } of event.Records) {
        if (kept.includes(messageId)) continue;
        await sqs.queues.client.send(
          new DeleteMessageCommand({ QueueUrl: urlOf(queue), ReceiptHandle: receiptHandle }),
        );
      }
      return kept;
    },
    close: closers.close,
  };
}

function captureOutput(onEnd: (restore: () => void) => void) {
  const logged: JsonObject[] = [];
  const metrics: JsonObject[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    const line = JSON.parse(String(chunk)) as JsonObject;
    ("_aws" in line ? metrics : logged).push(line);
    return true;
  });
  onEnd(() => spy.mockRestore());
  return { logged, metrics };
}
