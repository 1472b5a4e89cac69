import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { type FunctionsHarness, plenty, remaining, startFunctions } from "../support/functions.ts";
import { startLoopback } from "../support/loopback.ts";

let functions: FunctionsHarness;
beforeEach(async () => {
  const data = demoData({ projects: 23, repositoriesPerProject: 1, pullRequestsPerRepository: 1, users: 6 });
  functions = await startFunctions({ bitbucket: { data } });
});
afterEach(() => functions.close());

const port = () => functions.world.live.simulator;

async function sent(): Promise<Record<string, unknown>[]> {
  const messages: Record<string, unknown>[] = [];
  for (;;) {
    const event = await functions.receive("BackfillQueue");
    if (event === undefined) return messages;
    messages.push(...event.Records.map(({ body }) => JSON.parse(body) as Record<string, unknown>));
  }
}

test.each([[{}], [null], [undefined]])(
  "the schedule's input %j starts everything, and the counts are answered",
  async (input) => {
    const handler = await functions.container("resync");
    const answer = (await handler(input as object, plenty)) as { runId: string };
    expect(answer).toMatchObject({
      runId: expect.stringMatching(/^[\da-f-]{36}$/),
      projects: 23,
      messages: 24,
      project: { seen: 23, created: 23, failed: 0 },
      problems: [],
    });
    const messages = await sent();
    expect(messages.filter((message) => message["users"] === true)).toEqual([
      { runId: answer.runId, users: true, allowMassDelete: false },
    ]);
    const keys = messages.flatMap(({ project }) => (typeof project === "string" ? [project] : []));
    expect(new Set(keys)).toEqual(
      new Set(
        port()
          .entities("bitbucketProject")
          .map((it) => it.identifier),
      ),
    );
    expect(keys).toHaveLength(23);
    expect(messages.every(({ runId }) => runId === answer.runId)).toBe(true);
  },
);

test("projects, state and permission go along with the messages", async () => {
  const handler = await functions.container("resync");
  const input = { projects: ["mopp", "SHOP"], state: "MERGED", allowMassDelete: true };
  expect(await handler(input, plenty)).toMatchObject({ projects: 2, messages: 3 });
  const own = (await sent()).filter((message) => "project" in message);
  expect(own).toMatchObject([
    { project: "MOPP", state: "MERGED", allowMassDelete: true },
    { project: "SHOP", state: "MERGED", allowMassDelete: true },
  ]);
});

test("the stack's filter and state count where the input says nothing", async () => {
  const settings = { BITBUCKET_PROJECTS_FILTER: "SHOP", PULL_REQUEST_STATE: "DECLINED" };
  const handler = await functions.container("resync", settings);
  expect(await handler({}, plenty)).toMatchObject({ projects: 1, messages: 2 });
  expect((await sent()).find((message) => "project" in message)).toMatchObject({
    project: "SHOP",
    state: "DECLINED",
  });
});

test("a resync that the queue's messages are worked off from gives the whole catalog", async () => {
  await (await functions.container("resync"))({ projects: ["MOPP", "SHOP"] }, plenty);
  const backfill = await functions.container("backfill");
  for (
    let event = await functions.receive("BackfillQueue");
    event;
    event = await functions.receive("BackfillQueue")
  ) {
    expect(await functions.invoke("BackfillQueue", backfill, event)).toEqual([]);
  }
  const sizes = ["bitbucketProject", "bitbucketUser", "bitbucketRepository", "bitbucketPullrequest"].map(
    (blueprint) => port().entities(blueprint).length,
  );
  expect(sizes).toEqual([2, 6, 2, 2]);
});

test("a listing that does not complete sends nothing", async () => {
  functions.world.bitbucket.setIntercept(({ path }) =>
    path.endsWith("/projects") ? { status: 503, headers: { "retry-after": "0" }, body: "" } : undefined,
  );
  const handler = await functions.container("resync");
  await expect(handler({}, plenty)).rejects.toThrow("bitbucket answered 503");
  expect(await sent()).toEqual([]);
});

test("an SQS that takes only a part fails the invocation, so that it is tried again", async () => {
  const body = { Successful: [], Failed: [{ Id: "0", SenderFault: false, Code: "InternalError" }] };
  const partial = await startLoopback(() => ({
    headers: { "content-type": "application/x-amz-json-1.0" },
    body,
  }));
  const BACKFILL_QUEUE_URL = `${partial.url}/000000000000/backfill`;
  const handler = await functions.container("resync", {
    AWS_ENDPOINT_URL_SQS: partial.url,
    BACKFILL_QUEUE_URL,
  });
  await expect(handler({ projects: ["MOPP"] }, plenty)).rejects.toThrow("SQS did not take 1 of 2");
  await partial.close();
});

test("a Bitbucket that does not come back ends it in time, in clear words", async () => {
  functions.world.bitbucket.setIntercept(() => new Promise(() => {}));
  const handler = await functions.container("resync");
  await expect(handler({}, remaining(6_000))).rejects.toThrow();
  expect(functions.logged.at(-1)).toMatchObject({ level: "error", message: "resync failed" });
});
