import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import type { BackfillContext } from "../../lib/backfill/context.ts";
import { workOff } from "../../lib/backfill/work.ts";
import { outgoingBackfill } from "../../lib/queue/backfill-message.ts";
import type { Received } from "../../lib/queue/received.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";
import { type QueueHarness, startQueueHarness } from "../support/queues.ts";

let world: BackfillHarness;
let sqs: QueueHarness;
beforeEach(async () => {
  const data = demoData({ projects: 1, repositoriesPerProject: 30, pullRequestsPerRepository: 2, users: 6 });
  [world, sqs] = await Promise.all([startBackfill({ bitbucket: { data } }), startQueueHarness()]);
});
afterEach(async () => {
  await Promise.all([world.close(), sqs.close()]);
});

const port = () => world.live.simulator;
const message = (body: object, receiveCount = 1, sentAt = 0): Received => ({
  id: "m",
  body: JSON.stringify(body),
  receiptHandle: "none",
  groupId: "m",
  receiveCount,
  sentAt,
});
const work = (body: object, overrides?: Partial<BackfillContext>) =>
  workOff(message(body), sqs.backfill, world.context(overrides));
const outOfTime = () => true;
async function continuation(): Promise<Record<string, unknown>> {
  const [next, ...more] = await sqs.peek("BackfillQueue");
  expect(more).toEqual([]);
  return JSON.parse(next?.Body ?? "") as Record<string, unknown>;
}

test("a continuation carries everything that the first message said, and where to go on", async () => {
  const first = { runId: "r", project: "MOPP", state: "OPEN", allowMassDelete: true };
  expect(await work(first, { outOfTime })).toBe(false);
  const work1 = { cursor: { start: 0, after: expect.any(String) }, gone: [] };
  // When its work was asked for, as the queue knows only since when the continuation waits.
  expect(await continuation()).toEqual({ ...first, startedAt: 0, work: work1 });
  expect(port().entities("bitbucketRepository")).toHaveLength(25);
});

test("a repository that the cursor names and that is gone by now costs no other", async () => {
  await work({ project: "MOPP" }, { outOfTime });
  const next = await continuation();
  const { after } = (next["work"] as { cursor: { after: string } }).cursor;
  world.bitbucket.data.projects.get("MOPP")?.repositories.delete(after);
  expect(await work(next)).toBe(false);
  const names = port()
    .entities("bitbucketRepository")
    .map(({ identifier }) => identifier);
  for (const slug of world.bitbucket.data.projects.get("MOPP")?.repositories.keys() ?? []) {
    expect(names).toContain(`MOPP/${slug}`);
  }
});

test("a project that is gone in the middle of the chain deletes nothing by itself", async () => {
  await work({ project: "MOPP" }, { outOfTime });
  const next = await continuation();
  world.bitbucket.data.projects.delete("MOPP");
  await work(next);
  expect(port().entities("bitbucketRepository")).toHaveLength(25);
});

test("what came back while the chain went on is not deleted", async () => {
  await work({ project: "MOPP" });
  const repository = world.bitbucket.data.projects.get("MOPP")?.repositories.get("data-analyses");
  const pullRequest = repository?.pullRequests.get(1);
  if (pullRequest === undefined) throw new Error("no pull request");
  repository?.pullRequests.delete(1);
  await work({ project: "MOPP" }, { outOfTime });
  const next = await continuation();
  expect((next["work"] as { gone: object[] }).gone).toHaveLength(1);
  repository?.pullRequests.set(1, pullRequest);
  expect(await work(next)).toBe(false);
  expect(port().entity("bitbucketPullrequest", "MOPP/data-analyses/1")).toBeDefined();
});

test("however much is gone, and however long its names are, the continuation fits a message", async () => {
  const long = "x".repeat(120);
  const base = `https://${"sub.".repeat(200)}example.org/bitbucket`;
  const address = { kind: "pull-request", key: "MOPP", slug: long };
  const gone = Array.from({ length: 1_000 }, (_, id) => ({
    kind: "pull-request",
    blueprint: "bitbucketPullrequest",
    identifier: `MOPP/${long}/${id}`,
    address: { ...address, id },
    base,
  }));
  const large = { project: "MOPP", work: { cursor: { start: 0 }, gone } };
  expect(await work(large, { outOfTime })).toBe(false);
  expect(await continuation()).toMatchObject({ project: "MOPP" });
});

test("in a project that goes on in more messages, what failed for now has one of its own, and the rest goes on", async () => {
  const fails = "MOPP/data-analyses/1";
  port().setIntercept(({ path, body }) =>
    path.endsWith("bitbucketPullrequest/entities/bulk") && JSON.stringify(body).includes(`"${fails}"`)
      ? { status: 503, headers: { "retry-after": "3600" }, body: {} }
      : undefined,
  );
  const first = { runId: "r", project: "MOPP", state: "ALL" };
  expect(await work(first, { outOfTime, repositoriesTogether: 2 })).toBe(false);
  port().setIntercept(undefined);
  const sent = (await sqs.peek("BackfillQueue")).map(
    ({ Body = "" }) => JSON.parse(Body) as Record<string, unknown>,
  );
  const [rest, ...repositories] = sent.toSorted(
    (a, b) => Number("repository" in a) - Number("repository" in b),
  );
  expect(rest).toMatchObject({ project: "MOPP", work: { cursor: { after: expect.any(String) } } });
  expect(repositories).toContainEqual({
    runId: "r",
    project: "MOPP",
    repository: "data-analyses",
    state: "ALL",
    startedAt: 0,
  });
  for (const message of sent) expect(await work(message)).toBe(false);
  expect(port().entities("bitbucketPullrequest")).toHaveLength(60);
});

test("where everything fails for now, the message comes again as it is", async () => {
  port().setIntercept(({ path }) =>
    path.endsWith("/bulk") ? { status: 503, headers: { "retry-after": "3600" }, body: {} } : undefined,
  );
  expect(await work({ project: "MOPP" })).toBe(true);
  expect(await sqs.peek("BackfillQueue")).toEqual([]);
});

test("users' deletions that wait for the other messages are no failure", async () => {
  await sqs.backfill.sendAll(["MOPP", "SHOP"].map((project) => outgoingBackfill({ project })));
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const last = message({ users: true, last: true }, 1, Date.now());
  expect(await workOff(last, sqs.backfill, world.context())).toBe(true);
  const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
  written.mockRestore();
  expect(lines).toContainEqual(expect.objectContaining({ level: "info", message: "backfill message waits" }));
  expect(lines.filter(({ level }) => level === "warn")).toEqual([]);
});

const minute = 60_000;
test.each([
  ["wait while another is worked on", 1, { waiting: 0, inFlight: 2 }, true],
  ["wait while another may be begun with", 1, { waiting: 1, inFlight: 1 }, true],
  ["wait for others, however long these take, for ten minutes", 9, { waiting: 3, inFlight: 3 }, true],
  ["wait no longer than ten minutes", 10, { waiting: 3, inFlight: 3 }, false],
  ["do not wait for what waits for them", 2, { waiting: 3, inFlight: 1 }, false],
  ["go ahead when nothing else is there", 0, { waiting: 0, inFlight: 1 }, false],
  ["go ahead when the queue counts not even them", 0, { waiting: 0, inFlight: 0 }, false],
] as const)("users' deletions %s", async (_, minutes, pending, waits) => {
  const queue = { ...sqs.backfill, pending: async () => pending };
  const last = message({ users: true, last: true }, 1, Date.now() - minutes * minute);
  expect(await workOff(last, queue, world.context())).toBe(waits);
});

test("what is too much for a message counts all the same for whether too much would be deleted", async () => {
  await work({ project: "MOPP" });
  const [gone] = port().entities("bitbucketPullrequest");
  const carried = { kind: "pull-request", blueprint: "bitbucketPullrequest", identifier: gone?.identifier };
  const address = { kind: "pull-request", key: "MOPP", slug: "data-analyses", id: 1 };
  world.bitbucket.deletePullRequest(["MOPP", "data-analyses", 1]);
  const cursor = {
    start: 0,
    after: [...(world.bitbucket.data.projects.get("MOPP")?.repositories.keys() ?? [])].at(-1),
  };
  const entity = { ...carried, identifier: "MOPP/data-analyses/1", address, base: world.bitbucket.url };
  expect(await work({ project: "MOPP", work: { cursor, gone: [entity], dropped: 50 } })).toBe(false);
  expect(port().entity("bitbucketPullrequest", "MOPP/data-analyses/1")).toBeDefined();
  expect(await work({ project: "MOPP", work: { cursor, gone: [entity], dropped: 0 } })).toBe(false);
  expect(port().entity("bitbucketPullrequest", "MOPP/data-analyses/1")).toBeUndefined();
});

test("a message that comes again and again is worked off a repository at a time", async () => {
  const again = { ...message({ project: "MOPP" }, 4), sentAt: 5 };
  expect(await workOff(again, sqs.backfill, world.context({ outOfTime }))).toBe(false);
  expect(port().entities("bitbucketRepository")).toHaveLength(1);
  const next = await continuation();
  expect(next).toMatchObject({ startedAt: 5, careful: true });
  // A new message, which has not come again yet.
  await work(next, { outOfTime });
  expect(port().entities("bitbucketRepository")).toHaveLength(2);
});

test("a queue that does not take the continuation keeps the message", async () => {
  const sendAll = () => Promise.reject(new Error("queue is gone"));
  const kept = await workOff(
    message({ project: "MOPP" }),
    { ...sqs.backfill, sendAll },
    world.context({ outOfTime }),
  );
  expect(kept).toBe(true);
});

test("a message whose time to be hidden has passed is still kept", async () => {
  world.bitbucket.setIntercept(() => ({ status: 401, body: { errors: [] } }));
  expect(await work({ project: "MOPP" })).toBe(true);
});

test.each([
  [1, 2],
  [3, 8],
  [20, 900],
])("delivered for the %i. time in vain, it is hidden for %i s", async (receiveCount, seconds) => {
  world.bitbucket.setIntercept(() => ({ status: 401, body: { errors: [] } }));
  const hidden: number[] = [];
  const hide = async (messages: readonly { seconds: number }[]) => {
    hidden.push(...messages.map((it) => it.seconds));
  };
  await workOff(message({ project: "MOPP" }, receiveCount), { ...sqs.backfill, hide }, world.context());
  expect(hidden).toEqual([seconds]);
});
