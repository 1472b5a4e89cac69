import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { createSecretReader } from "../lib/aws/secrets.ts";
import { webhookSecrets } from "../lib/aws/webhook-secrets.ts";
import { accept } from "../lib/live/accept.ts";
import { createQueue, createSqsClient } from "../lib/queue/queue.ts";

const secrets = webhookSecrets(createSecretReader(), process.env["WEBHOOK_SECRET_ID"] ?? "");
const live = createQueue(createSqsClient(2_000, 4), process.env["LIVE_QUEUE_URL"] ?? "");

/** Takes `POST /webhook`: hands the raw bytes over and answers with what became of them. */
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const headers = Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value]);
  const delivery = {
    headers: Object.fromEntries(headers),
    body: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
  };
  const answer = await accept(delivery, {
    secrets,
    send: (message, signal) => live.send(message, signal),
  });
  return {
    statusCode: answer.status,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(answer.body),
  };
}
