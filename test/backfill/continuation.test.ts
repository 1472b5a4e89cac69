import { afterEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { backfillProject, type ProjectWork, projectStart } from "../../lib/backfill/project.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";

let harness: BackfillHarness | undefined;
afterEach(async () => harness?.close());

/** Works a project off in invocations that are out of time after each chunk, each in a process of its own. */
async function inInvocations(
  from: BackfillHarness,
  key: string,
): Promise<{ invocations: number; problems: string[] }> {
  const problems: string[] = [];
  let work: ProjectWork | undefined = projectStart;
  let invocations = 0;
  for (; work !== undefined; invocations++) {
    // As it comes out of the queue.
    const carried = JSON.parse(JSON.stringify(work)) as ProjectWork;
    const done: Awaited<ReturnType<typeof backfillProject>> = await backfillProject(
      key,
      carried,
      from.context({ outOfTime: () => true }),
    );
    problems.push(...done.problems);
    work = done.next;
  }
  return { invocations, problems };
}

test("a project of 2,000 repositories goes through by continuations, none done twice or missed", {
  timeout: 120_000,
}, async () => {
  const data = demoData({
    projects: 1,
    repositoriesPerProject: 2_000,
    pullRequestsPerRepository: 1,
    users: 3,
  });
  harness = await startBackfill({ bitbucket: { data, pageCap: 300, pageGaps: true } });
  const { invocations, problems } = await inInvocations(harness, "MOPP");
  expect(problems).toEqual([]);
  expect(invocations).toBeGreaterThan(50);
  expect(harness.live.simulator.entities("bitbucketRepository")).toHaveLength(2_000);
  expect(harness.live.simulator.entities("bitbucketPullrequest")).toHaveLength(2_000);

  const listed = harness.bitbucket.calls
    .filter(({ path }) => path.endsWith("/raw/README.md"))
    .map(({ path }) => path);
  expect(new Set(listed).size).toBe(2_000);
  expect(listed).toHaveLength(2_000);
});

test("what goes on in another invocation still finds what is gone, in every part", async () => {
  const data = demoData({ projects: 1, repositoriesPerProject: 60, pullRequestsPerRepository: 2, users: 3 });
  harness = await startBackfill({ bitbucket: { data } });
  await harness.run();
  const slugs = harness.live.simulator
    .entities("bitbucketRepository")
    .map((it) => String(it.identifier.split("/")[1]));
  for (const slug of [slugs[0], slugs[30], slugs[59]])
    harness.bitbucket.deletePullRequest(["MOPP", String(slug), 1]);
  harness.bitbucket.deleteRepository("MOPP", String(slugs[40]));
  const { invocations, problems } = await inInvocations(harness, "MOPP");
  expect(problems).toEqual([]);
  expect(invocations).toBe(3);
  expect(harness.live.simulator.entities("bitbucketRepository")).toHaveLength(59);
  expect(harness.live.simulator.entities("bitbucketPullrequest")).toHaveLength(120 - 3 - 2);
});

test("a pull request that is back by the time of the deletions stays", async () => {
  const data = demoData({ projects: 1, repositoriesPerProject: 30, pullRequestsPerRepository: 2, users: 3 });
  harness = await startBackfill({ bitbucket: { data } });
  await harness.run();
  const entity = harness.live.simulator.entity("bitbucketPullrequest", "MOPP/data-analyses/1");
  const address = { kind: "pull-request", key: "MOPP", slug: "data-analyses", id: 1 } as const;
  const work: ProjectWork = {
    cursor: { start: 0 },
    gone: [
      {
        kind: "pull-request",
        blueprint: "bitbucketPullrequest",
        identifier: "MOPP/data-analyses/1",
        address,
        witness: address,
        base: harness.bitbucket.url,
        linked: true,
        roles: { link: "link" },
      },
    ],
  };
  const { problems } = await backfillProject("MOPP", work, harness.context());
  expect(problems).toEqual([]);
  expect(harness.live.simulator.entity("bitbucketPullrequest", "MOPP/data-analyses/1")?.title).toBe(
    entity?.title,
  );
});
