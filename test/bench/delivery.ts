import { randomUUID } from "node:crypto";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { sign } from "../../lib/bitbucket/signature.ts";
import type { JsonObject } from "../../lib/json.ts";
import { webhookSecret } from "./stand.ts";

const host = "bench.execute-api.eu-west-1.amazonaws.com";
const route = "POST /webhook";

/** A signed delivery of Bitbucket's as API Gateway hands it to the webhook function. */
export function delivery(payload: JsonObject): APIGatewayProxyEventV2 {
  const body = JSON.stringify(payload);
  const userAgent = "Atlassian HttpClient 4.2.0 / Bitbucket-8.19.1";
  return {
    version: "2.0",
    routeKey: route,
    rawPath: "/webhook",
    rawQueryString: "",
    headers: {
      "content-type": "application/json; charset=utf-8",
      "content-length": String(Buffer.byteLength(body)),
      host,
      "user-agent": userAgent,
      "x-event-key": String(payload["eventKey"]),
      "x-hub-signature": sign(body, webhookSecret),
      "x-request-id": randomUUID(),
    },
    requestContext: {
      accountId: "000000000000",
      apiId: "bench",
      domainName: host,
      domainPrefix: "bench",
      http: { method: "POST", path: "/webhook", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent },
      requestId: randomUUID(),
      routeKey: route,
      stage: "$default",
      time: "01/May/2024:10:00:00 +0000",
      timeEpoch: 1_714_557_600_000,
    },
    body,
    isBase64Encoded: false,
  };
}
