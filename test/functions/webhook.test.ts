import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { freePort } from "../../infra/local/aws/server.ts";
import { secretIds } from "../../infra/local/stack/secrets.ts";
import { sign } from "../../lib/bitbucket/signature.ts";
import { type FunctionsHarness, type Handler, plenty, startFunctions } from "../support/functions.ts";
import { startLoopback } from "../support/loopback.ts";
import { event, pullRequest } from "../support/payloads.ts";

const secret = "a secret for tests";
let functions: FunctionsHarness;
beforeEach(async () => {
  functions = await startFunctions();
});
afterEach(async () => {
  vi.useRealTimers();
  await functions.close();
});

const body = JSON.stringify(event("pr:opened", { pullRequest: pullRequest(1, { title: "Grüße 😀" }) }));
const headers = { "x-event-key": "pr:opened", "x-hub-signature": sign(Buffer.from(body), secret) };

async function post(handler: Handler, request: object = { headers, body, isBase64Encoded: false }) {
  const answer = (await handler(request, plenty)) as APIGatewayProxyStructuredResultV2;
  return { status: answer.statusCode, body: JSON.parse(answer.body ?? "") as { status: string } };
}

/** The live queue behind another address. */
const queueAt = (url: string) => ({
  AWS_ENDPOINT_URL_SQS: url,
  LIVE_QUEUE_URL: `${url}/000000000000/bitbucket-port-sync-local-live.fifo`,
});

test("an event is acknowledged, and lies in the queue under its object", async () => {
  const handler = await functions.container("webhook");
  expect(await post(handler)).toEqual({ status: 202, body: { status: "queued" } });
  const [message] = await functions.sqs.peek("LiveQueue");
  expect(message?.Attributes?.MessageGroupId).toBe("pull-request:#1/1");
  expect(JSON.parse(message?.Body ?? "")).toMatchObject({ payload: JSON.parse(body) });
});

test("header names in any case and a body in base64 are the same delivery", async () => {
  const handler = await functions.container("webhook");
  const shouting = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
  );
  const encoded = Buffer.from(body).toString("base64");
  expect((await post(handler, { headers: shouting, body: encoded, isBase64Encoded: true })).status).toBe(202);
  const [message] = await functions.sqs.peek("LiveQueue");
  expect(JSON.parse(message?.Body ?? "")).toMatchObject({ payload: { pullRequest: { title: "Grüße 😀" } } });
});

test.each([
  ["no body at all", { headers }],
  ["another body", { headers, body: `${body} `, isBase64Encoded: false }],
  ["no headers", { headers: {}, body, isBase64Encoded: false }],
])("%s is refused, and nothing is enqueued", async (_, request) => {
  const handler = await functions.container("webhook");
  expect((await post(handler, request)).status).toBe(401);
  expect(await functions.sqs.peek("LiveQueue")).toEqual([]);
});

test("an SQS that nobody answers for gives 503 within 8 s", async () => {
  const handler = await functions.container("webhook", queueAt(`http://127.0.0.1:${await freePort()}`));
  const asked = performance.now();
  expect((await post(handler)).status).toBe(503);
  expect(performance.now() - asked).toBeLessThan(8_000);
});

test("an SQS in silence gives 503 within 8 s", async () => {
  const silent = await startLoopback(() => "silence");
  const handler = await functions.container("webhook", queueAt(silent.url));
  const asked = performance.now();
  expect((await post(handler)).status).toBe(503);
  expect(performance.now() - asked).toBeLessThan(8_000);
  await silent.close();
});

test("an SQS that answers with an error gives 503, and when it is back the event goes through", async () => {
  let down = true;
  const { endpoint } = functions.sqs.queues;
  const flaky = await startLoopback(async (call) => {
    if (down) return { status: 500, body: "{}" };
    const { "x-amz-target": target = "", "content-type": type = "" } = call.headers;
    const forwarded = await fetch(endpoint, {
      method: "POST",
      headers: { "x-amz-target": String(target), "content-type": type },
      body: call.body.replaceAll(flaky.url, endpoint),
    });
    return { status: forwarded.status, body: await forwarded.text() };
  });
  const handler = await functions.container("webhook", queueAt(flaky.url));
  expect((await post(handler)).status).toBe(503);
  down = false;
  expect((await post(handler)).status).toBe(202);
  expect(await functions.sqs.peek("LiveQueue")).toHaveLength(1);
  await flaky.close();
});

test("a Secrets Manager in silence gives 503 within 8 s, never a 2xx", async () => {
  const silent = await startLoopback(() => "silence");
  const handler = await functions.container("webhook", { AWS_ENDPOINT_URL_SECRETS_MANAGER: silent.url });
  const asked = performance.now();
  expect((await post(handler)).status).toBe(503);
  expect(performance.now() - asked).toBeLessThan(8_000);
  await silent.close();
});

test("when the time is over nothing is handed to SQS any more", async () => {
  const handler = await functions.container("webhook");
  expect((await post(handler)).status).toBe(202);
  await functions.sqs.peek("LiveQueue");
  const over = AbortSignal.abort(new DOMException("The time is over", "TimeoutError"));
  const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(over);
  const late = JSON.stringify(event("pr:opened", { pullRequest: pullRequest(2) }));
  const signed = { ...headers, "x-hub-signature": sign(late, secret) };
  expect((await post(handler, { headers: signed, body: late, isBase64Encoded: false })).status).toBe(503);
  timeout.mockRestore();
  expect(await functions.sqs.peek("LiveQueue")).toEqual([]);
});

test("without a secret everything is refused, and one that was put a moment ago is good at once", async () => {
  functions.secrets.put(secretIds.webhook, {});
  const handler = await functions.container("webhook");
  expect((await post(handler)).status).toBe(401);
  expect((await post(handler)).status).toBe(401);
  functions.secrets.put(secretIds.webhook, { AWSCURRENT: secret });
  expect((await post(handler)).status).toBe(202);
});

test("a rotated secret is good at once, and the old one stays good", async () => {
  const handler = await functions.container("webhook");
  expect((await post(handler)).status).toBe(202);
  functions.secrets.put(secretIds.webhook, { AWSCURRENT: "the new one", AWSPREVIOUS: secret });
  const signed = { ...headers, "x-hub-signature": sign(Buffer.from(body), "the new one") };
  expect((await post(handler, { headers: signed, body, isBase64Encoded: false })).status).toBe(202);
  expect((await post(handler)).status).toBe(202);
});

test("no log holds a payload, an address or a secret", async () => {
  const handler = await functions.container("webhook");
  await post(handler);
  await post(handler, {
    headers: { ...headers, "x-hub-signature": "sha256=00" },
    body,
    isBase64Encoded: false,
  });
  expect(functions.logged.length).toBeGreaterThan(1);
  expect(JSON.stringify(functions.logged)).not.toMatch(/Grüße|@example\.org|a secret for tests/);
});
