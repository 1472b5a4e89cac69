import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { portDemoClientId, portDemoClientSecret } from "../../infra/local/simulators/port/server.ts";
import { secretIds } from "../../infra/local/stack/secrets.ts";
import type { JsonObject } from "../../lib/json.ts";
import { liveMessage } from "../../lib/queue/live-message.ts";
import { type FunctionsHarness, type Handler, remaining, startFunctions } from "../support/functions.ts";
import { understood } from "../support/live.ts";
import { event, pullRequest, start } from "../support/payloads.ts";

let functions: FunctionsHarness;
beforeEach(async () => {
  functions = await startFunctions();
});
afterEach(async () => {
  vi.useRealTimers();
  await functions.close();
});

const port = () => functions.world.live.simulator;
const entity = (id: number) => port().entity("bitbucketPullrequest", `PRJ/app/${id}`);
const opened = (id: number, overrides: JsonObject = {}) =>
  event("pr:opened", { pullRequest: pullRequest(id, overrides) });

let deliveries = 0;
async function enqueue(...payloads: JsonObject[]): Promise<void> {
  for (const payload of payloads) {
    const id = `delivery-${deliveries++}`;
    await functions.sqs.live.send(liveMessage(understood(payload), JSON.stringify(payload), id, Date.now()));
  }
}

async function consume(handler: Handler, context = remaining(60_000)): Promise<string[]> {
  const batch = await functions.receive("LiveQueue");
  if (batch === undefined) throw new Error("nothing to consume");
  return functions.invoke("LiveQueue", handler, batch, context);
}

test("a batch as SQS hands it over becomes entities, and leaves the queue", async () => {
  await enqueue(opened(1), opened(2), opened(3));
  expect(await consume(await functions.container("consumer"))).toEqual([]);
  expect([1, 2, 3].map((id) => entity(id)?.title)).toEqual(["Change 1", "Change 2", "Change 3"]);
  expect(await functions.receive("LiveQueue")).toBeUndefined();
});

test("what fails is answered by its message's id, what is done leaves the queue", async () => {
  await enqueue(opened(1), opened(2));
  const poisoned = (body: unknown) => JSON.stringify(body)?.includes('"PRJ/app/2"');
  port().setIntercept(({ path, body }) =>
    path.endsWith("/bulk") && poisoned(body)
      ? {
          status: 207,
          body: {
            ok: false,
            entities: [{ identifier: "PRJ/app/1", index: 0, created: true }],
            errors: [
              { identifier: "PRJ/app/2", index: 1, statusCode: 503, error: "unavailable", message: "" },
            ],
          },
        }
      : undefined,
  );
  const batch = await functions.receive("LiveQueue");
  const second = batch?.Records.find(({ attributes }) => attributes.MessageGroupId?.endsWith("/2"));
  const handler = await functions.container("consumer");
  expect(await functions.invoke("LiveQueue", handler, batch ?? { Records: [] })).toEqual([second?.messageId]);
  port().setIntercept(undefined);
  const again = await functions.receive("LiveQueue", 5);
  expect(again?.Records.map(({ messageId }) => messageId)).toEqual([second?.messageId]);
});

test("an empty batch is no trouble", async () => {
  const handler = await functions.container("consumer");
  expect(await handler({ Records: [] }, remaining(60_000))).toEqual({ batchItemFailures: [] });
});

test("a rename asks for a backfill of the new place, in the backfill's queue", async () => {
  const project = { key: "OLD", name: "Old", id: 1, type: "NORMAL", public: false };
  await enqueue(event("project:modified", { old: project, new: { ...project, key: "NEW" } }, start));
  expect(await consume(await functions.container("consumer"))).toEqual([]);
  const asked = await functions.receive("BackfillQueue");
  expect(JSON.parse(asked?.Records[0]?.body ?? "")).toEqual({ project: "NEW", state: "ALL" });
});

test("a call that does not come back ends in time, and its message stays", async () => {
  await enqueue(opened(1));
  port().setIntercept(({ path }) => (path.endsWith("/search") ? new Promise(() => {}) : undefined));
  const handler = await functions.container("consumer");
  expect(await consume(handler, remaining(6_000))).toHaveLength(1);
  port().setIntercept(undefined);
  const again = await functions.receive("LiveQueue", 5);
  expect(again?.Records).toHaveLength(1);
  expect(await functions.invoke("LiveQueue", handler, again ?? { Records: [] })).toEqual([]);
  expect(entity(1)).toBeDefined();
});

test.each([
  ["no credentials secret", {}, /the secret credentials has no value yet: put .*PORT_CLIENT_ID/],
  [
    "a secret that is no JSON",
    { AWSCURRENT: "hush-hush" },
    /the secret credentials is not JSON: put one JSON object/,
  ],
  [
    "half the credentials",
    { AWSCURRENT: '{"PORT_CLIENT_ID": "hush-hush"}' },
    /PORT_CLIENT_SECRET is not set/,
  ],
])("%s is said in the log, without a secret, and the batch fails", async (_, stages, words) => {
  functions.secrets.put(secretIds.credentials, stages);
  await enqueue(opened(1));
  await expect(consume(await functions.container("consumer"))).rejects.toThrow(words);
  const errors = functions.logged.filter(({ level }) => level === "error");
  expect(errors).toMatchObject([{ error: "ConfigError", detail: expect.stringMatching(words) }]);
  expect(JSON.stringify(functions.logged)).not.toContain("hush-hush");
});

test.each(["LIVE_QUEUE_URL", "LIVE_DEAD_QUEUE_URL", "BACKFILL_QUEUE_URL", "CREDENTIALS_SECRET_ID"])(
  "a stack without %s says so",
  async (name) => {
    const handler = await functions.container("consumer", { [name]: "" });
    await expect(handler({ Records: [] }, remaining(60_000))).rejects.toThrow(`${name} is not set`);
  },
);

test("rotated credentials are taken up within five minutes, by the same container", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const wrong = { PORT_CLIENT_ID: portDemoClientId, PORT_CLIENT_SECRET: "revoked" };
  functions.secrets.put(secretIds.credentials, { AWSCURRENT: JSON.stringify(wrong) });
  const handler = await functions.container("consumer");
  await enqueue(opened(1));
  expect(await consume(handler)).toHaveLength(1);
  const right = { ...wrong, PORT_CLIENT_SECRET: portDemoClientSecret };
  functions.secrets.put(secretIds.credentials, { AWSCURRENT: JSON.stringify(right) });
  vi.setSystemTime(Date.now() + 5 * 60_000);
  await enqueue(opened(2));
  expect(await consume(handler)).toEqual([]);
  expect(entity(2)).toBeDefined();
});
