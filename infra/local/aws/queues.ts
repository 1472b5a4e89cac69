import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { buildApp } from "fauxqs";
import { takeEveryCharacter } from "./fauxqs.ts";
import { queueArn, queueAttributes } from "./queue-attributes.ts";
import { loopback } from "./server.ts";
import type { Service } from "./service.ts";

/** The stack's queues, played in this process. */
export interface Queues {
  readonly endpoint: string;
  readonly client: SQSClient;
  /** By the logical id in infra/queues.yml, e.g. `LiveQueue`. */
  readonly urls: Readonly<Record<string, string>>;
  /** By the logical id in infra/queues.yml. */
  readonly arns: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts SQS on a free port and creates the queues as infra/queues.yml defines them. */
export async function startQueues(service: Pick<Service, "queues" | "region">): Promise<Queues> {
  const { queues, region } = service;
  await takeEveryCharacter();
  const app = buildApp({ logger: false });
  const endpoint = await app.listen({ port: 0, host: loopback });
  const client = new SQSClient({
    endpoint,
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const arns = Object.fromEntries(
    Object.entries(queues).map(([id, properties]) => [id, queueArn(region, String(properties["QueueName"]))]),
  );
  const urls: Record<string, string> = {};
  for (const [id, properties] of Object.entries(queues)) {
    const QueueName = String(properties["QueueName"]);
    const { QueueUrl } = await client.send(
      new CreateQueueCommand({ QueueName, Attributes: queueAttributes(properties, arns, region) }),
    );
    // With our own host: the one that fauxqs makes up has to be known to DNS.
    urls[id] = new URL(new URL(QueueUrl ?? "").pathname, endpoint).href;
  }
  return {
    endpoint,
    client,
    urls,
    arns,
    async close() {
      client.destroy();
      await app.close();
    },
  };
}
