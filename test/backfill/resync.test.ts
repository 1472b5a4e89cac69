import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { resync } from "../../lib/backfill/resync.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";
import { type QueueHarness, startQueueHarness } from "../support/queues.ts";

let world: BackfillHarness;
let sqs: QueueHarness;
beforeEach(async () => {
  const data = demoData({ projects: 3, repositoriesPerProject: 1, pullRequestsPerRepository: 1, users: 6 });
  [world, sqs] = await Promise.all([startBackfill({ bitbucket: { data } }), startQueueHarness()]);
});
afterEach(async () => {
  await Promise.all([world.close(), sqs.close()]);
});

const port = () => world.live.simulator;
const sent = async () =>
  (await sqs.peek("BackfillQueue")).map(({ Body }) => JSON.parse(Body ?? "") as Record<string, unknown>);

test("twice without a change writes nothing, and each run has an id of its own", async () => {
  const first = await resync({}, sqs.backfill, world.context());
  const second = await resync({}, sqs.backfill, world.context());
  expect(second.project).toMatchObject({ seen: 3, unchanged: 3, created: 0, updated: 0 });
  expect(second.runId).not.toBe(first.runId);
});

test("a project entity that Port refuses is named, and its project is worked off all the same", async () => {
  port().setIntercept(({ path, body }) =>
    path.endsWith("/bulk") && JSON.stringify(body).includes('"SHOP"')
      ? { status: 422, body: { ok: false, error: "invalid_request", message: "" } }
      : undefined,
  );
  const answer = await resync({}, sqs.backfill, world.context());
  expect(answer).toMatchObject({ projects: 3, messages: 4, project: { created: 2, failed: 1 } });
  expect(answer.problems).toEqual([expect.stringMatching(/project:shop: 422/i)]);
  expect((await sent()).map(({ project }) => project)).toContain("SHOP");
});

test("a project that is gone is deleted with all beneath, and gets no message", async () => {
  await world.run();
  world.bitbucket.data.projects.delete("PRJ3");
  const answer = await resync({ allowMassDelete: true }, sqs.backfill, world.context());
  expect(answer).toMatchObject({ projects: 2, project: { deleted: 1 } });
  expect(
    port()
      .entities("bitbucketPullrequest")
      .map(({ identifier }) => identifier),
  ).toHaveLength(2);
  expect((await sent()).map(({ project }) => project)).not.toContain("PRJ3");
});

test("a project outside the wanted ones stays, though the listing does not show it", async () => {
  await world.run();
  world.bitbucket.data.projects.delete("PRJ3");
  await resync({ projects: ["SHOP"] }, sqs.backfill, world.context());
  expect(port().entity("bitbucketProject", "PRJ3")).toBeDefined();
});

test("a wanted project that cannot be read is named, and the others get their messages", async () => {
  const key = [...world.bitbucket.data.projects.keys()].find((it) => it.startsWith("~")) ?? "";
  const body = {
    errors: [{ message: "no", exceptionName: "com.atlassian.bitbucket.AuthorisationException" }],
  };
  world.bitbucket.setIntercept(({ path }) => (path.includes("~") ? { status: 401, body } : undefined));
  const answer = await resync({ projects: ["MOPP", key] }, sqs.backfill, world.context());
  expect(answer).toMatchObject({ projects: 1, messages: 2 });
  expect(answer.problems).toEqual([expect.stringContaining(key)]);
});

test("more projects than one call to SQS takes all get their message", async () => {
  await world.close();
  const data = demoData({ projects: 35, repositoriesPerProject: 0, users: 1 });
  world = await startBackfill({ bitbucket: { data, pageCap: 7, pageGaps: true } });
  expect(await resync(undefined, sqs.backfill, world.context())).toMatchObject({
    projects: 35,
    messages: 36,
  });
  const all: unknown[] = [];
  for (let some = await sent(); some.length > 0; some = await sent()) all.push(...some);
  expect(all).toHaveLength(36);
});
