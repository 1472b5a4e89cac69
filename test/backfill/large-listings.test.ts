import { afterEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { backfillProjects } from "../../lib/backfill/projects.ts";
import { repositoriesOf } from "../../lib/backfill/scopes.ts";
import { backfillUsers } from "../../lib/backfill/users.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";
import { user } from "../support/payloads.ts";
import { rejection } from "../support/rejection.ts";

let harness: BackfillHarness;
afterEach(() => harness.close());

async function start(sizes: Partial<Parameters<typeof demoData>[0]> = {}): Promise<void> {
  const few = { projects: 1, repositoriesPerProject: 2, pullRequestsPerRepository: 2, users: 3 };
  harness = await startBackfill({ bitbucket: { data: demoData({ ...few, ...sizes }) } });
}
const port = () => harness.live.simulator;
/** Every listing at this path shows these. */
function listing(end: string, values: readonly unknown[]): void {
  harness.bitbucket.setIntercept(({ path }) =>
    path.endsWith(end) ? { status: 200, body: { isLastPage: true, values } } : undefined,
  );
}

test.each([300, 600])("more pull requests than go through together all arrive (%i a page)", async (count) => {
  await start({ pullRequestsPerRepository: count });
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([]);
  expect(counts["pull-request"]).toMatchObject({ seen: 2 * count, created: 2 * count });
  expect(port().entities("bitbucketPullrequest")).toHaveLength(2 * count);
});

test("more users than go through together all arrive", async () => {
  await start();
  listing(
    "/users",
    Array.from({ length: 1_001 }, (_, index) => user(`u${index}`)),
  );
  const context = harness.context();
  expect((await backfillUsers(context)).problems).toEqual([]);
  expect(context.counts.user).toMatchObject({ seen: 1_001, created: 1_001 });
});

test("a user without a name is passed over", async () => {
  await start();
  listing("/users", [{ slug: "nobody" }, { name: "ann" }]);
  const context = harness.context();
  expect((await backfillUsers(context)).problems).toEqual([]);
  expect(context.counts.user).toMatchObject({ seen: 2, created: 1 });
});

test("a user whose identifier is too long is named as one, and costs the others nothing", async () => {
  await start();
  listing("/users", [user("ann"), { ...user("bob"), emailAddress: `${"x".repeat(1_001)}@example.org` }]);
  const context = harness.context();
  expect((await backfillUsers(context)).problems).toEqual([
    expect.stringMatching(/^user: the mapping fails: an identifier has more than 1000/),
  ]);
  expect(context.counts.user).toMatchObject({ created: 1, failed: 1 });
});

test("users are given up when time is up, and not listed in another way", async () => {
  await start();
  const time = AbortSignal.abort();
  const { bitbucket } = harness.context();
  const late = { ...bitbucket, page: async () => Promise.reject(time.reason) };
  const error = await rejection(backfillUsers(harness.context({ bitbucket: late })));
  expect(error).toMatchObject({ name: "AbortError" });
  expect(harness.bitbucket.calls).toEqual([]);
});

test("whoever wants a report is told of what is created, and then of what is updated", async () => {
  await start();
  const told: string[] = [];
  const report = (what: string, kind: string, identifier: string) =>
    void told.push(`${what} ${kind} ${identifier}`);
  await harness.run({ report });
  expect(told).toContain("created project MOPP");
  told.length = 0;
  const project = harness.bitbucket.data.projects.get("MOPP");
  if (project === undefined) throw new Error("no project");
  project.description = "Something new";
  await harness.run({ report });
  expect(told).toEqual(["updated project MOPP"]);
});

test("a project without a key is a problem, not a crash", async () => {
  await start();
  listing("/projects", [{ name: "no key" }]);
  const { problems } = await backfillProjects(harness.context());
  expect(problems).toEqual([expect.stringContaining("no identifier")]);
});

test("no projects have no repositories", async () => {
  await start();
  expect(await repositoriesOf([], harness.context())).toEqual([]);
  expect(port().calls).toEqual([]);
});
