import { afterEach, beforeEach, expect, test } from "vitest";
import { bitbucketDemoToken, demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import type { BackfillContext } from "../../lib/backfill/context.ts";
import { backfillProject, projectStart } from "../../lib/backfill/project.ts";
import { runBackfill } from "../../lib/backfill/run.ts";
import { createBitbucketClient } from "../../lib/bitbucket/client.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";
import { rejection } from "../support/rejection.ts";

const sizes = { projects: 2, repositoriesPerProject: 3, pullRequestsPerRepository: 2, users: 4 };
let harness: BackfillHarness;
beforeEach(async () => {
  harness = await startBackfill({ bitbucket: { data: demoData(sizes) } });
});
afterEach(() => harness.close());

/** A client whose calls a signal ends. */
function bitbucketUntil(signal: AbortSignal) {
  const config = {
    host: harness.bitbucket.url,
    authorization: `Bearer ${bitbucketDemoToken}`,
    concurrency: 4,
  };
  return createBitbucketClient(config, { maxWaitMs: 1_000, signal: () => signal });
}

test("a run that is stopped before it begins does nothing and says so", async () => {
  const problems = await runBackfill(harness.context(), AbortSignal.abort());
  expect(problems).toEqual(["stopped before the end"]);
  expect(harness.bitbucket.calls).toEqual([]);
});

test("what is given up because a run was stopped is no problem of its own", async () => {
  const stop = new AbortController();
  harness.bitbucket.setIntercept(({ path }) => {
    if (path.endsWith("/projects")) stop.abort();
    return undefined;
  });
  const context = harness.context({ bitbucket: bitbucketUntil(stop.signal) });
  expect(await runBackfill(context, stop.signal)).toEqual(["stopped before the end"]);
});

test("a part that fails while a run is stopped is named all the same", async () => {
  const stop = new AbortController();
  harness.bitbucket.setIntercept(({ path }) => {
    if (!path.endsWith("/users")) return undefined;
    stop.abort();
    return { status: 400, body: { errors: [] } };
  });
  const problems = await runBackfill(harness.context(), stop.signal);
  expect(problems).toEqual([expect.stringMatching(/^users: .*BITBUCKET_HOST/), "stopped before the end"]);
});

test("a run ends with its time, and is not taken for one that was stopped", async () => {
  const time = new AbortController();
  harness.bitbucket.setIntercept(({ path }) => {
    if (path.endsWith("/projects")) time.abort();
    return undefined;
  });
  const problems = await runBackfill(harness.context({ bitbucket: bitbucketUntil(time.signal) }));
  expect(problems.some((problem) => problem.startsWith("projects: "))).toBe(true);
  expect(problems).not.toContain("stopped before the end");
});

test("when time runs out while the filter's own project is asked for, the run does not call it unreadable", async () => {
  const time = new AbortController();
  harness.bitbucket.setIntercept(({ path }) => {
    if (path.endsWith("/~ann")) time.abort();
    return undefined;
  });
  const context = harness.context({ bitbucket: bitbucketUntil(time.signal), projects: ["~ann"] });
  const problems = await runBackfill(context);
  expect(problems.some((problem) => problem.includes("not readable"))).toBe(false);
  expect(problems.some((problem) => problem.startsWith("projects: "))).toBe(true);
});

test("a project whose time is up goes on after its last repository, and does the others only", async () => {
  let looks = 0;
  const context = harness.context({ outOfTime: () => ++looks > 0 });
  const whole = await backfillProject("MOPP", projectStart, context);
  // Three repositories are one chunk, and the last one: there is nothing left to go on with.
  expect(whole).toEqual({ problems: [], putOff: [], moved: [] });
  const slugs = [...(harness.bitbucket.data.projects.get("MOPP")?.repositories.keys() ?? [])];
  const rest = harness.context();
  const cursor = { start: 0, after: slugs[1] };
  expect(await backfillProject("MOPP", { cursor, gone: [] }, rest)).toEqual({
    problems: [],
    putOff: [],
    moved: [],
  });
  expect(rest.counts.repository.seen).toBe(1);
});

/** A project whose time is up when Bitbucket is asked for this, and who goes on. */
async function cutOffAt(isReached: (path: string) => boolean, overrides: Partial<BackfillContext> = {}) {
  const time = new AbortController();
  harness.bitbucket.setIntercept(({ path }) => {
    if (isReached(path)) time.abort();
    return undefined;
  });
  const context = harness.context({
    repositoriesTogether: 1,
    bitbucket: bitbucketUntil(time.signal),
    outOfTime: () => time.signal.aborted,
    ...overrides,
  });
  const done = await backfillProject("MOPP", projectStart, context);
  harness.bitbucket.setIntercept(undefined);
  const rest = harness.context();
  if (done.next !== undefined)
    expect(await backfillProject("MOPP", done.next, rest)).toEqual({ problems: [], putOff: [], moved: [] });
  return { next: done.next, seenByRest: rest.counts.repository.seen };
}
const slugs = () => [...(harness.bitbucket.data.projects.get("MOPP")?.repositories.keys() ?? [])];
const inPort = () => harness.live.simulator.entities("bitbucketPullrequest").length;

test("what the end of the time cuts off is done by whoever goes on, and nothing else twice", async () => {
  const [first, second] = slugs();
  const { next, seenByRest } = await cutOffAt((path) => path.includes(`/repos/${second}/raw/`));
  expect(next?.cursor).toEqual({ start: 0, after: first });
  expect(seenByRest).toBe(2);
  expect(inPort()).toBe(6);
});

test("a repository in which something fails for now costs the others nothing, and is named", async () => {
  const [, second] = slugs();
  harness.live.simulator.setIntercept(({ path, body }) =>
    path.endsWith("bitbucketPullrequest/entities/bulk") && JSON.stringify(body).includes(`MOPP/${second}/`)
      ? { status: 503, headers: { "retry-after": "3600" }, body: {} }
      : undefined,
  );
  const retries: unknown[] = [];
  const context = harness.context({ repositoriesTogether: 1, onRetry: (ms) => retries.push(ms) });
  expect(await backfillProject("MOPP", projectStart, context)).toEqual({
    problems: [],
    moved: [],
    putOff: [{ slug: second, retryAfterMs: 3_600_000 }],
  });
  expect(retries).toEqual([]);
  expect(inPort()).toBe(4);
});

test("deletions that the end of the time cuts off are left to whoever goes on, who reads no repository again", async () => {
  await harness.run();
  const [first] = slugs();
  harness.bitbucket.deleteRepository("MOPP", String(first));
  // A repository's own address is asked for nowhere but before it is deleted.
  const { next, seenByRest } = await cutOffAt((path) => path.endsWith(`/MOPP/repos/${first}`));
  expect(next?.cursor.after).toBe(slugs().at(-1));
  expect(seenByRest).toBe(0);
  expect(harness.live.simulator.entity("bitbucketRepository", `MOPP/${first}`)).toBeUndefined();
});

test("time that does not suffice for one chunk is an error, so that the message comes again", async () => {
  const [first] = slugs();
  expect(await rejection(cutOffAt((path) => path.includes(`/repos/${first}/raw/`)))).toMatchObject({
    name: "AbortError",
  });
});

test("a project that is gone by the time it is worked on is done: there is nothing to come back for", async () => {
  expect(await backfillProject("NOWHERE", projectStart, harness.context())).toEqual({
    problems: [],
    putOff: [],
    moved: [],
  });
});

test("progress is told of every kind", async () => {
  const seen = new Map<string, { known: number; done: number }>();
  const { problems } = await harness.run({
    progress: (kind, { known = 0, done = 0 }) => {
      const sum = seen.get(kind) ?? { known: 0, done: 0 };
      seen.set(kind, { known: sum.known + known, done: sum.done + done });
    },
  });
  expect(problems).toEqual([]);
  expect(Object.fromEntries(seen)).toMatchObject({
    project: { known: 2, done: 2 },
    repository: { known: 6, done: 6 },
    "pull-request": { known: 12, done: 12 },
  });
});
