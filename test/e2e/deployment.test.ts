import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClosers } from "../../infra/local/closers.ts";
import {
  type BitbucketSimulator,
  startBitbucketSimulator,
} from "../../infra/local/simulators/bitbucket/server.ts";
import { type PortSimulator, startPortSimulator } from "../../infra/local/simulators/port/server.ts";
import { sign } from "../../lib/bitbucket/signature.ts";
import { settingsFor } from "../support/command.ts";
import type { Container, Invoked } from "../support/container.ts";
import { type Deployed, deploy } from "../support/deployed.ts";
import { webhooksOf } from "../support/setup.ts";

const closers = createClosers();
const webhookUrl = "https://hooks.example.org/webhook";
let bitbucket: BitbucketSimulator;
let port: PortSimulator;
let stack: Deployed;
beforeAll(async () => {
  [bitbucket, port] = await Promise.all([startBitbucketSimulator(), startPortSimulator()]);
  closers.add(bitbucket.close);
  closers.add(port.close);
  stack = await deploy({ bitbucketHost: bitbucket.url, portApiUrl: port.url, webhookUrl }, closers);
}, 180_000);
afterAll(() => closers.close());

/** A delivery as API Gateway hands it over; the status that it is answered with. */
async function deliver(container: Container, payload: object, secret: string): Promise<number | undefined> {
  const body = JSON.stringify(payload);
  const { eventKey } = payload as { eventKey: string };
  const headers = { "X-Event-Key": eventKey, "X-Hub-Signature": sign(body, secret) };
  const invoked = await container.invoke({ headers, body, isBase64Encoded: false });
  return (answerOf(invoked) as APIGatewayProxyStructuredResultV2).statusCode;
}

function answerOf(invoked: Invoked): unknown {
  if ("answer" in invoked) return invoked.answer;
  throw new Error(invoked.errorMessage);
}

test("README's deployment: the credentials are put after the first invocations, and setup, resync and events work at once", async () => {
  const [webhook, consumer, backfill, resync, setup] = await Promise.all(
    (["webhook", "consumer", "backfill", "resync", "setup"] as const).map((key) => stack.container(key)),
  );
  if (!webhook || !consumer || !backfill || !resync || !setup) throw new Error("a container is missing");
  const name = stack.secretName("CredentialsSecret");
  expect(name).toBe("bitbucket-port-sync-prod-credentials");

  // Scheduler is early, and so is whoever cannot wait: all containers are warm by now.
  const message = {
    messageId: "m",
    receiptHandle: "r",
    body: "{}",
    attributes: { ApproximateReceiveCount: "1" },
  };
  for (const [container, event] of [
    [setup, {}],
    [resync, {}],
    [consumer, { Records: [message] }],
    [backfill, { Records: [message] }],
  ] as const) {
    const invoked = await container.invoke(event);
    const words = "errorMessage" in invoked ? invoked.errorMessage : "";
    expect(words).toContain("PORT_CLIENT_ID is not set");
    expect(words).toMatch(
      new RegExp(`credentials belong into the secret arn:[^ ]*${name}[^ ]*: put one JSON object`),
    );
  }
  const renamed = bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], {
    title: "After the deployment",
  });
  expect(await deliver(webhook, renamed, "somebody else's")).toBe(401);

  const { PORT_API_URL: _port, BITBUCKET_HOST: _host, ...credentials } = settingsFor(bitbucket, port);
  await stack.putSecret(name, JSON.stringify(credentials));

  expect(answerOf(await setup.invoke({}))).toMatchObject({
    ok: true,
    blueprints: { created: 4 },
    webhooks: { created: 2, failed: [] },
  });
  expect(answerOf(await resync.invoke({ state: "ALL" }))).toMatchObject({ projects: 2, problems: [] });
  await stack.drain("BackfillQueue", "backfill", backfill);
  expect(port.entity("bitbucketPullrequest", "MOPP/data-analyses/1")?.title).toBe("After the deployment");

  const [ours] = webhooksOf(bitbucket, ({ url }) => url === webhookUrl).get("MOPP") ?? [];
  const again = bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], { title: "By an event" });
  expect(await deliver(webhook, again, String(ours?.configuration.secret))).toBe(202);
  await stack.drain("LiveQueue", "consumer", consumer);
  expect(port.entity("bitbucketPullrequest", "MOPP/data-analyses/1")?.title).toBe("By an event");

  // Nobody asked for more than its role may do, and who does is refused.
  expect(stack.gateway.denied).toEqual([]);
  const asWebhook = new SecretsManagerClient({
    region: "eu-west-1",
    endpoint: stack.gateway.url,
    credentials: { accessKeyId: "WebhookRole", secretAccessKey: "local" },
  });
  await expect(asWebhook.send(new GetSecretValueCommand({ SecretId: name }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  expect(stack.gateway.denied).toHaveLength(1);
}, 120_000);
