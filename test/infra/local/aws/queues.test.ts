import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Queues, startQueues } from "../../../../infra/local/aws/queues.ts";
import { readService } from "../../../../infra/local/aws/template.ts";
import { projectRoot } from "../../../support/package-stack.ts";

describe("startQueues", () => {
  const service = readService(projectRoot, "local");
  let queues: Queues;
  beforeAll(async () => {
    queues = await startQueues(service);
  });
  afterAll(() => queues.close());

  it("creates the queues of infra/queues.yml", () => {
    expect(Object.keys(queues.urls).sort()).toEqual([
      "BackfillDeadQueue",
      "BackfillQueue",
      "LiveDeadQueue",
      "LiveQueue",
      "ResyncDeadQueue",
    ]);
    expect(queues.urls["LiveQueue"]).toMatch(/\/bitbucket-port-sync-local-live\.fifo$/);
  });

  it("gives a queue the attributes that it has on AWS", async () => {
    expect(await attributes(queues.client, queues.urls["LiveQueue"])).toMatchObject({
      QueueArn: queues.arns["LiveQueue"],
      FifoQueue: "true",
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
      MaximumMessageSize: "1048576",
      MessageRetentionPeriod: String(14 * 24 * 60 * 60),
      VisibilityTimeout: "360",
      SqsManagedSseEnabled: "true",
    });
  });

  it("resolves references to other queues", async () => {
    const live = await attributes(queues.client, queues.urls["LiveQueue"]);
    expect(JSON.parse(live["RedrivePolicy"] ?? "")).toEqual({
      deadLetterTargetArn: queues.arns["LiveDeadQueue"],
      maxReceiveCount: 1000,
    });
    const dead = await attributes(queues.client, queues.urls["LiveDeadQueue"]);
    expect(JSON.parse(dead["RedriveAllowPolicy"] ?? "")).toEqual({
      redrivePermission: "byQueue",
      sourceQueueArns: [queues.arns["LiveQueue"]],
    });
  });

  it("takes what SQS takes, emoji too", async () => {
    const QueueUrl = queues.urls["BackfillQueue"];
    await queues.client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: "done 🎉",
        MessageGroupId: "a",
        MessageDeduplicationId: "1",
      }),
    );
    const { Messages } = await queues.client.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages?.[0]?.Body).toBe("done 🎉");
  });

  it("refuses what SQS refuses", async () => {
    const command = new SendMessageCommand({
      QueueUrl: queues.urls["BackfillQueue"],
      MessageBody: "a\u0000b",
      MessageGroupId: "a",
      MessageDeduplicationId: "2",
    });
    await expect(queues.client.send(command)).rejects.toThrow("Invalid characters");
  });

  it("names a reference that leads nowhere", async () => {
    const queue = {
      QueueName: "q",
      RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": ["Nothing", "Arn"] } },
    };
    await expect(startQueues({ region: "eu-west-1", queues: { Queue: queue } })).rejects.toThrow(
      "Nothing.Arn",
    );
  });
});

async function attributes(client: SQSClient, QueueUrl: string | undefined): Promise<Record<string, string>> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
  return (await client.send(command)).Attributes ?? {};
}
