import { afterEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import {
  type FunctionsHarness,
  type Handler,
  type LambdaContext,
  plenty,
  remaining,
  startFunctions,
} from "../support/functions.ts";

let functions: FunctionsHarness;
afterEach(() => functions.close());

const one = { projects: 1, repositoriesPerProject: 300, pullRequestsPerRepository: 2, users: 6 };
const few = { projects: 1, repositoriesPerProject: 3, pullRequestsPerRepository: 2, users: 6 };
const start = async (sizes = few) => {
  functions = await startFunctions({ bitbucket: { data: demoData(sizes) } });
};
const port = () => functions.world.live.simulator;
const bitbucket = () => functions.world.bitbucket;

/** Works off the queue until it is empty; how many invocations that took. */
async function drain(handler: Handler, context: () => LambdaContext = () => plenty): Promise<number> {
  for (let invocations = 0; ; invocations++) {
    const event = await functions.receive("BackfillQueue");
    if (event === undefined) return invocations;
    expect(await functions.invoke("BackfillQueue", handler, event, context())).toEqual([]);
  }
}

const repositories = () => port().entities("bitbucketRepository");
const pullRequests = () => port().entities("bitbucketPullrequest");

/** How often each repository was looked at: its tip is asked for once each time. */
function looksAtRepositories(): number[] {
  const paths = bitbucket().calls.flatMap(({ path }) => (path.endsWith("/commits") ? [path] : []));
  return [...Map.groupBy(paths, (path) => path).values()].map((same) => same.length);
}

test("a project that always runs out of time is done by a chain of messages, each repository once", async () => {
  await start(one);
  await functions.send("BackfillQueue", { runId: "r", project: "MOPP", state: "ALL" });
  const invocations = await drain(await functions.container("backfill"), () => remaining(59_000));
  expect(invocations).toBe(12);
  expect(repositories()).toHaveLength(300);
  expect(pullRequests()).toHaveLength(600);
  expect(looksAtRepositories()).toEqual(Array.from({ length: 300 }, () => 1));
});

test("the same with pages that the server caps and numbers its own way", async () => {
  functions = await startFunctions({
    bitbucket: { data: demoData({ ...one, repositoriesPerProject: 90 }), pageCap: 40, pageGaps: true },
  });
  await functions.send("BackfillQueue", { project: "MOPP", state: "ALL" });
  await drain(await functions.container("backfill"), () => remaining(59_000));
  expect(repositories()).toHaveLength(90);
  expect(looksAtRepositories()).toEqual(Array.from({ length: 90 }, () => 1));
});

test("each invocation works for as long as it has time, and a new container goes on", async () => {
  await start(one);
  await functions.send("BackfillQueue", { project: "MOPP", state: "ALL" });
  const budget = (): LambdaContext => {
    const began = performance.now();
    return { getRemainingTimeInMillis: () => 60_250 - (performance.now() - began) };
  };
  let handler = await functions.container("backfill");
  const renewed: Handler = async (...args) => {
    const answer = await handler(...args);
    handler = await functions.container("backfill");
    return answer;
  };
  expect(await drain(renewed, budget)).toBeLessThanOrEqual(12);
  expect(repositories()).toHaveLength(300);
  expect(looksAtRepositories()).toEqual(Array.from({ length: 300 }, () => 1));
});

test("what is gone is deleted at the end of the chain, not before", async () => {
  await start({ ...one, repositoriesPerProject: 60 });
  const handler = await functions.container("backfill");
  await functions.send("BackfillQueue", { project: "MOPP", state: "ALL" });
  await drain(handler);
  bitbucket().deletePullRequest(["MOPP", "data-analyses", 1]);
  await functions.send("BackfillQueue", { project: "MOPP", state: "ALL" });
  const event = await functions.receive("BackfillQueue");
  await functions.invoke("BackfillQueue", handler, event ?? { Records: [] }, remaining(59_000));
  expect(pullRequests()).toHaveLength(120);
  await drain(handler, () => remaining(59_000));
  expect(pullRequests()).toHaveLength(119);
});

test("a message delivered twice, one after the other or at the same time, does no harm", async () => {
  await start({ ...one, repositoriesPerProject: 60 });
  const handler = await functions.container("backfill");
  await functions.send("BackfillQueue", { project: "MOPP", state: "ALL" });
  const event = await functions.receive("BackfillQueue");
  if (event === undefined) throw new Error("no message");
  await Promise.all([handler(event, remaining(59_000)), handler(event, remaining(59_000))]);
  await functions.invoke("BackfillQueue", handler, event, remaining(59_000));
  await drain(handler);
  expect(repositories()).toHaveLength(60);
  expect(pullRequests()).toHaveLength(120);
});

test("users, a project and a single repository each are a message of their own", async () => {
  await start();
  const handler = await functions.container("backfill");
  await functions.send("BackfillQueue", { runId: "r", users: true });
  await drain(handler);
  expect(port().entities("bitbucketUser")).toHaveLength(6);
  expect(repositories()).toHaveLength(0);
  await functions.send("BackfillQueue", { project: "MOPP", repository: "pipeline-tools" });
  await drain(handler);
  expect(repositories().map(({ identifier }) => identifier)).toEqual(["MOPP/pipeline-tools"]);
  expect(pullRequests()).toHaveLength(2);
});

test("a repository or project that has gone meanwhile is no trouble", async () => {
  await start();
  const handler = await functions.container("backfill");
  await functions.send("BackfillQueue", { project: "MOPP", repository: "never-was" });
  expect(await drain(handler)).toBe(1);
  expect(repositories()).toEqual([]);
});

test.each(["hello", "{}", '{"project": 7}', '{"users": false}', '{"project": "MOPP", "work": {}}', "null"])(
  "garbage is not acknowledged: %s",
  async (body) => {
    await start();
    await functions.send("BackfillQueue", body);
    const event = await functions.receive("BackfillQueue");
    const handler = await functions.container("backfill");
    const kept = await functions.invoke("BackfillQueue", handler, event ?? { Records: [] });
    expect(kept).toEqual([event?.Records[0]?.messageId]);
    expect(functions.logged.some(({ level }) => level === "error")).toBe(true);
    expect(bitbucket().calls).toEqual([]);
  },
);
