import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { secretIds } from "../../infra/local/stack/secrets.ts";
import { type Stack, startStack } from "../../infra/local/stack.ts";
import { sign } from "../../lib/bitbucket/signature.ts";
import type { JsonObject } from "../../lib/json.ts";
import { event, pullRequest, repository, start, user } from "../support/payloads.ts";

const secret = "a secret for tests";
let stack: Stack;
const logged: string[] = [];
beforeAll(async () => {
  stack = await startStack({ env: { WEBHOOK_SECRET: secret }, onLog: (line) => logged.push(line) });
});
afterAll(async () => stack.stop());
beforeEach(() => port().setIntercept(undefined));

function port() {
  if (stack.port === undefined) throw new Error("Port is simulated here");
  return stack.port;
}

async function post(
  payload: JsonObject | string | Buffer,
  headers: Record<string, string> = {},
): Promise<number> {
  const body = Buffer.from(
    typeof payload === "string" || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
  );
  const call = request(`${stack.url}/webhook`, {
    method: "POST",
    headers: {
      "content-type": "application/json; charset=utf-8",
      "X-Hub-Signature": sign(body, secret),
      "X-Request-Id": randomUUID(),
      ...headers,
    },
  });
  call.end(body);
  const [response] = await once(call, "response");
  response.resume();
  return response.statusCode;
}

/** Waits until the catalog shows it; the test's own time limit ends a wait that leads nowhere. */
async function until<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await delay(20);
  }
}

/** Identifiers of every pull request that the simulated Bitbucket has, personal projects left out. */
async function allPullRequests(): Promise<string[]> {
  const projects = [...(stack.bitbucket?.data.projects.values() ?? [])].filter(
    ({ type }) => type !== "PERSONAL",
  );
  return projects.flatMap(({ key, repositories }) =>
    [...repositories.values()].flatMap(({ slug, pullRequests }) =>
      [...pullRequests.keys()].map((id) => `${key}/${slug}/${id}`),
    ),
  );
}

const pr = (identifier: string) => port().entity("bitbucketPullrequest", identifier);
const inRepo = (slug: string, id = 1, overrides: JsonObject = {}) =>
  pullRequest(id, overrides, repository("E2E", slug));

test("a signed event becomes an entity with all that it relates to", async () => {
  expect(
    await post(event("pr:opened", { pullRequest: inRepo("first", 1, { title: "Grüße 😀 \uFFFF" }) })),
  ).toBe(202);
  const entity = await until(() => pr("E2E/first/1"));
  expect(entity.title).toBe("Grüße 😀 \uFFFF");
  expect(entity.relations).toEqual({ repository: "E2E/first", participants: ["cid@example.org"] });
  expect(port().entity("bitbucketRepository", "E2E/first")?.properties["state"]).toBe("AVAILABLE");
});

// Before anything that is refused: the secret is looked up past what is remembered once a minute at the most.
test("a rotated secret is good at once, and the old one stays good", async () => {
  const opened = event("pr:opened", { pullRequest: inRepo("rotated") });
  stack.secrets.put(secretIds.webhook, { AWSCURRENT: "the new one", AWSPREVIOUS: secret });
  try {
    expect(await post(opened, { "X-Hub-Signature": sign(JSON.stringify(opened), "the new one") })).toBe(202);
    expect(await post(opened)).toBe(202);
  } finally {
    stack.secrets.put(secretIds.webhook, { AWSCURRENT: secret });
  }
});

test.each([
  "application/json",
  "text/plain",
  "application/octet-stream",
  "application/x-www-form-urlencoded",
  "x",
])(
  "a connection test without a body is answered, signed or not, with the content type %s; an event is not",
  async (type) => {
    const ping = { "X-Event-Key": "diagnostics:ping", "content-type": type };
    expect(await post("", ping)).toBe(200);
    expect(await post("", { ...ping, "X-Hub-Signature": "" })).toBe(200);
    expect(await post("", { ...ping, "X-Event-Key": "pr:opened" })).toBe(400);
    expect(await post("", { ...ping, "X-Event-Key": "pr:opened", "X-Hub-Signature": "" })).toBe(401);
  },
);

test("the life of a pull request, from opened to deleted", async () => {
  const steps = [
    event("pr:opened", { pullRequest: inRepo("life") }),
    event("pr:reviewer:approved", {
      pullRequest: inRepo("life", 1, { updatedDate: start + 1 }),
      participant: {},
    }),
    event("pr:merged", {
      pullRequest: inRepo("life", 1, { state: "MERGED", closedDate: start + 2, updatedDate: start + 2 }),
    }),
  ];
  for (const step of steps) expect(await post(step)).toBe(202);
  await until(() => pr("E2E/life/1")?.properties["state"] === "MERGED");
  expect(await post(event("pr:deleted", { pullRequest: inRepo("life") }, start + 60_000))).toBe(202);
  await until(() => pr("E2E/life/1") === undefined);
});

test("a renamed repository moves with its pull requests, by an event and the backfill that it asks for", async () => {
  const bitbucket = stack.bitbucket;
  if (bitbucket === undefined) throw new Error("Bitbucket is simulated here");
  const edited = bitbucket.updatePullRequest(["SHOP", "pipeline-tools", 1], { title: "Before" });
  await post(edited as unknown as JsonObject);
  await until(() => pr("SHOP/pipeline-tools/1"));
  await post(bitbucket.renameRepository("SHOP", "pipeline-tools", "store") as unknown as JsonObject);
  await until(() => pr("SHOP/store/1")?.title === "Before");
  await until(() => port().entity("bitbucketRepository", "SHOP/pipeline-tools") === undefined);
  expect(pr("SHOP/pipeline-tools/1")).toBeUndefined();
});

test("a resync brings all of Bitbucket by way of the backfill queue", async () => {
  const answer = (await stack.invoke("resync", { state: "ALL" })) as { projects: number; messages: number };
  expect(answer).toMatchObject({ problems: [], runId: expect.any(String) });
  expect(answer.messages).toBe(answer.projects + 1);
  const listed = await allPullRequests();
  expect(listed.length).toBeGreaterThan(5);
  await until(() => listed.every((identifier) => pr(identifier) !== undefined));
});

// Before any signature fails: a container reads its secrets again at most once a minute.
test("refusals come with the right status, over real HTTP", async () => {
  const opened = event("pr:opened", { pullRequest: inRepo("refused") });
  const body = JSON.stringify(opened);
  expect(await post(opened, { "X-Hub-Signature": sign(body, "another site's") })).toBe(401);
  expect(await post(opened, { "X-Hub-Signature": `sha1=${"0".repeat(40)}` })).toBe(401);
  expect(await post(opened, { "X-Event-Key": "pr:deleted" })).toBe(400);
  expect(await post("[1]")).toBe(400);
  expect(await post("not json")).toBe(400);
  expect(await post(Buffer.from([0xff, 0xfe, 0x00]))).toBe(400);
  expect(await post(Buffer.alloc(7 * 1024 * 1024, "x"))).toBe(413);
  expect(await post('{"test": true}', { "X-Event-Key": "diagnostics:ping", "X-Hub-Signature": "" })).toBe(
    200,
  );
  expect(pr("E2E/refused/1")).toBeUndefined();
});

test("one poisoned entity lies in the dead-letter queue with its reason, its neighbours are there", async () => {
  const ids = [1, 2, 3, 4];
  await Promise.all(
    ids.map((id) =>
      post(event("pr:opened", { pullRequest: inRepo("poison", id, id === 3 ? { state: "ROTTEN" } : {}) })),
    ),
  );
  await until(() => [1, 2, 4].every((id) => pr(`E2E/poison/${id}`) !== undefined));
  const { client, urls } = stack.queues;
  const dead = await until(async () => {
    const { Messages } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: urls["LiveDeadQueue"] ?? "",
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["All"],
      }),
    );
    return Messages?.[0];
  });
  expect(dead.Attributes?.MessageGroupId).toBe("pull-request:#1/3");
  expect(dead.MessageAttributes?.["status"]?.StringValue).toBe("422");
  expect(pr("E2E/poison/3")).toBeUndefined();
});

test("while Port fails nothing is lost, and when it is back all is there", async () => {
  let refused = 0;
  port().setIntercept(() => (++refused <= 6 ? (refused % 2 ? { status: 503 } : "reset") : undefined));
  await Promise.all(
    [1, 2, 3, 4, 5].map((id) => post(event("pr:opened", { pullRequest: inRepo("outage", id) }))),
  );
  await until(() => [1, 2, 3, 4, 5].every((id) => pr(`E2E/outage/${id}`) !== undefined));
  expect(refused).toBeGreaterThan(6);
});

test("an event above SQS's limit is read back from Bitbucket", async () => {
  const bitbucket = stack.bitbucket;
  if (bitbucket === undefined) throw new Error("Bitbucket is simulated here");
  const edited = bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], {
    title: "Much text",
  }) as unknown as JsonObject;
  expect(await post({ ...edited, padding: "x".repeat(1_200_000) })).toBe(202);
  await until(() => pr("MOPP/data-analyses/1")?.title === "Much text");
});

test("the functions' logs are JSON, without payloads, addresses or secrets", () => {
  const own = logged.filter((line) => line.startsWith("{"));
  expect(own.length).toBeGreaterThan(10);
  for (const line of own) expect(() => JSON.parse(line)).not.toThrow();
  expect(logged.join("\n")).not.toMatch(new RegExp(`${user("ann")["emailAddress"]}|Grüße|${secret}`));
});
