import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";

const client = new SQSClient({});

/** The least that a webhook can do: puts the body on the live queue, unseen. */
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  await client.send(
    new SendMessageCommand({
      QueueUrl: process.env["LIVE_QUEUE_URL"],
      MessageBody: event.body,
      MessageGroupId: "baseline",
      MessageDeduplicationId: event.headers["x-request-id"],
    }),
  );
  return { statusCode: 202 };
}
