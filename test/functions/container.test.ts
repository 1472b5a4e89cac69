import type { SQSEvent, SQSRecord } from "aws-lambda";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { secretIds } from "../../infra/local/stack/secrets.ts";
import type { JsonObject } from "../../lib/json.ts";
import { liveMessage } from "../../lib/queue/live-message.ts";
import { type FunctionsHarness, type Handler, plenty, startFunctions } from "../support/functions.ts";
import { understood } from "../support/live.ts";
import { event, pullRequest } from "../support/payloads.ts";

let functions: FunctionsHarness;
beforeEach(async () => {
  const data = demoData({ projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 1, users: 3 });
  functions = await startFunctions({ bitbucket: { data } });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await functions.close();
});

const port = () => functions.world.live.simulator;
const unavailable = { status: 503, headers: { "retry-after": "0" }, body: {} };
const hourMs = 3_600_000;

async function enqueue(payload: JsonObject, id: string): Promise<void> {
  await functions.sqs.live.send(liveMessage(understood(payload), JSON.stringify(payload), id, Date.now()));
}
const opened = (id: number, overrides: JsonObject = {}) =>
  event("pr:opened", { pullRequest: pullRequest(id, overrides) });

/** The next batch of a queue, with other attributes than SQS gave its messages. */
async function received(queue: string, attributes: Partial<SQSRecord["attributes"]> = {}): Promise<SQSEvent> {
  const batch = await functions.receive(queue);
  if (batch === undefined) throw new Error("nothing to receive");
  return {
    Records: batch.Records.map((record) => ({
      ...record,
      attributes: { ...record.attributes, ...attributes },
    })),
  };
}

async function consume(handler: Handler, attributes: Partial<SQSRecord["attributes"]> = {}) {
  return functions.invoke("LiveQueue", handler, await received("LiveQueue", attributes));
}

test("a dead letter keeps the group of its message, or is one of its own", async () => {
  const handler = await functions.container("consumer");
  await enqueue(opened(1, { state: "HALF" }), "a");
  await enqueue(opened(2, { state: "HALF" }), "b");
  const { Records: records } = await received("LiveQueue");
  const [first, second] = records;
  if (first === undefined || second === undefined) throw new Error("two messages were sent");
  const { MessageGroupId: _, ...ungrouped } = second.attributes;
  const batch = { Records: [first, { ...second, attributes: ungrouped }] };
  expect(await functions.invoke("LiveQueue", handler, batch)).toEqual([]);
  const dead = await functions.sqs.peek("LiveDeadQueue");
  expect(dead.map(({ Attributes }) => Attributes?.MessageGroupId)).toEqual([
    first.attributes.MessageGroupId,
    second.messageId,
  ]);
});

test("a live message that stays is hidden for longer the more often it came, and its age is measured", async () => {
  const hide = await spyOnVisibility();
  const handler = await functions.container("consumer");
  port().setIntercept(() => unavailable);
  await enqueue(opened(1), "a");
  const SentTimestamp = String(Date.now() - hourMs);
  expect(await consume(handler, { ApproximateReceiveCount: "7", SentTimestamp })).toHaveLength(1);
  expect(hide()).toEqual([128]);
  expect(functions.metrics).toMatchObject([{ retried: 1, waited: [expect.any(Number)] }]);
  expect(ageIn(functions.metrics[0])).toBeGreaterThanOrEqual(hourMs);
});

test("a backfill message that stays is hidden for longer the more often it came, and its age is measured", async () => {
  const hide = await spyOnVisibility();
  const handler = await functions.container("backfill");
  port().setIntercept(({ path }) => (path.endsWith("/search") ? { status: 403, body: {} } : undefined));
  await functions.send("BackfillQueue", { project: "MOPP", state: "ALL" });
  const attributes = { ApproximateReceiveCount: "6", SentTimestamp: String(Date.now() - hourMs) };
  const batch = await received("BackfillQueue", attributes);
  expect(await functions.invoke("BackfillQueue", handler, batch)).toHaveLength(1);
  expect(hide()).toEqual([64]);
  expect(ageIn(functions.metrics.find((line) => "waited" in line))).toBeGreaterThanOrEqual(hourMs);
});

function ageIn(line: JsonObject | undefined): number {
  const [age] = (line?.["waited"] ?? []) as number[];
  return age ?? 0;
}

/** For how many seconds messages were hidden, as it goes over the wire. */
async function spyOnVisibility(): Promise<() => number[]> {
  const { SQSClient } = await import("@aws-sdk/client-sqs");
  const send = vi.spyOn(SQSClient.prototype, "send");
  return () =>
    send.mock.calls.flatMap(([command]) => {
      const { Entries = [] } = command.input as { Entries?: { VisibilityTimeout?: number }[] };
      return Entries.flatMap(({ VisibilityTimeout }) => VisibilityTimeout ?? []);
    });
}

/** From now on nobody who reads the credentials anew gets in. */
function spoilCredentials(): void {
  functions.secrets.put(secretIds.credentials, { AWSCURRENT: "{}" });
}

test("a consumer's container keeps its credentials, its token and its memory between invocations", async () => {
  const handler = await functions.container("consumer");
  await enqueue(opened(1), "a");
  expect(await consume(handler)).toEqual([]);
  spoilCredentials();
  port().calls.length = 0;
  await enqueue(opened(2), "b");
  expect(await consume(handler)).toEqual([]);
  expect(port().calls.map(({ path }) => path)).toEqual([
    "/v1/blueprints/bitbucketPullrequest/entities/search",
    "/v1/blueprints/bitbucketPullrequest/entities/bulk",
  ]);
});

test.each(["backfill", "resync"] as const)(
  "a container of the %s function keeps its credentials between invocations",
  async (name) => {
    const handler = await functions.container(name);
    const event = async (project: string) => {
      if (name === "resync") return {};
      await functions.send("BackfillQueue", { project, state: "ALL" });
      return received("BackfillQueue");
    };
    const first = await handler(await event("MOPP"), plenty);
    spoilCredentials();
    const second = await handler(await event("SHOP"), plenty);
    if (name === "resync") expect([first, second]).toMatchObject([{ projects: 1 }, { projects: 1 }]);
    else expect([first, second]).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
  },
);

test("a container of the backfill function reads each blueprint once for all of its messages", async () => {
  const handler = await functions.container("backfill");
  for (const project of ["MOPP", "SHOP", "MOPP"]) {
    await functions.send("BackfillQueue", { project, state: "ALL" });
    expect(await functions.invoke("BackfillQueue", handler, await received("BackfillQueue"))).toEqual([]);
  }
  const read = port().calls.filter(({ method, path }) => method === "GET" && path.includes("/blueprints/"));
  const paths = read.map(({ path }) => path);
  expect(paths.length).toBeGreaterThan(0);
  expect(new Set(paths).size).toBe(paths.length);
});
