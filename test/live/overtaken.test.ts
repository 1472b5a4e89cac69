import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Call } from "../../infra/local/simulators/http.ts";
import { startTruth, type Truth, ways } from "../support/truth.ts";

let truth: Truth;
beforeEach(async () => {
  truth = await startTruth({ bitbucket: { reviewsUpdate: false } });
  await truth.run();
});
afterEach(async () => {
  vi.useRealTimers();
  await truth.close();
});

const pull = ["MOPP", "data-analyses", 1] as const;

/** Lets something happen once, right before a call to Port takes effect. */
function before(matches: (call: Call) => boolean, happens: () => Promise<unknown>): void {
  truth.live.simulator.setIntercept(async (call) => {
    if (!matches(call)) return undefined;
    truth.live.simulator.setIntercept(undefined);
    await happens();
    return undefined;
  });
}
const isWrite = (blueprint: string) => (call: Call) => call.path.endsWith(`/${blueprint}/entities/bulk`);
/** The machine's time goes on, which a test does not wait for. */
function late(ms: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
}

test.each([
  [
    "comment",
    "bitbucketPullrequest",
    () => truth.bitbucket.comment(pull, "bo.cedar", "one"),
    () => truth.bitbucket.comment(pull, "admin", "two"),
  ],
  [
    "change of a repository",
    "bitbucketRepository",
    () => truth.bitbucket.updateRepository("MOPP", "data-analyses", { description: "One" }),
    () => truth.bitbucket.updateRepository("MOPP", "data-analyses", { description: "Two" }),
  ],
  [
    "change of a project",
    "bitbucketProject",
    () => truth.bitbucket.updateProject("MOPP", { description: "One" }),
    () => truth.bitbucket.updateProject("MOPP", { description: "Two" }),
  ],
] as const)(
  "a newer %s that another container writes between reading and writing is there in the end",
  async (_, blueprint, first, second) => {
    const older = first();
    before(isWrite(blueprint), async () => {
      await truth.container()(second());
      late(2_000);
    });
    await truth.container()(older);
    expect(truth.wrong()).toEqual([]);
  },
);

test("what is deleted between reading and writing is not there in the end", async () => {
  const older = truth.bitbucket.comment(pull, "bo.cedar", "one");
  before(isWrite("bitbucketPullrequest"), async () => {
    await truth.container()(truth.bitbucket.deletePullRequest(pull));
    late(2_000);
  });
  await truth.container()(older);
  expect(truth.wrong()).toEqual([]);
});

test.each(ways)("what is renamed back between question and deletion stays (%s)", async (moved) => {
  truth.bitbucket.setMoved(moved);
  const renamed = truth.bitbucket.renameRepository("MOPP", "data-analyses", "analyses");
  before(
    ({ path }) => path.endsWith("/bitbucketPullrequest/entities/search"),
    async () => void truth.bitbucket.renameRepository("MOPP", "analyses", "data analyses"),
  );
  await truth.container()(renamed);
  expect(truth.ids("bitbucketRepository")).toContain("MOPP/data-analyses");
  await truth.workOffAsked();
  expect(truth.wrong()).toEqual([]);
});

test.each(["command", "messages"] as const)(
  "what is there again when a run's deletions begin stays (%s)",
  async (by) => {
    const repository = truth.bitbucket.data.projects.get("MOPP")?.repositories.get("data-analyses");
    const gone = repository?.pullRequests.get(1);
    if (repository === undefined || gone === undefined) throw new Error("no pull request");
    repository.pullRequests.delete(1);
    let asked = 0;
    truth.bitbucket.setIntercept(({ path }) => {
      if (path.endsWith("/data-analyses/pull-requests/1") && ++asked === 2)
        repository.pullRequests.set(1, gone);
      return undefined;
    });
    await (by === "command" ? truth.run() : truth.messages());
    expect(asked).toBeGreaterThanOrEqual(2);
    expect(truth.ids("bitbucketPullrequest")).toContain("MOPP/data-analyses/1");
  },
);

test("a push consumed between a run's reading of the README and its writing is not overwritten", async () => {
  const repository = truth.bitbucket.data.projects.get("MOPP")?.repositories.get("data-analyses");
  repository?.files.set("README.md", "# Old\n");
  before(isWrite("bitbucketRepository"), async () => {
    repository?.files.set("README.md", "# New\n");
    await truth.container()(truth.bitbucket.push("MOPP", "data-analyses"));
  });
  expect((await truth.run()).problems).toEqual([]);
  expect(truth.wrong()).toEqual([]);
});

test("an event consumed between reading Port and writing what no listing showed survives", async () => {
  truth.bitbucket.declinePullRequest(pull);
  before(isWrite("bitbucketPullrequest"), async () => {
    await truth.container()(truth.bitbucket.updatePullRequest(pull, { title: "Newer" }));
  });
  expect((await truth.run({ state: "OPEN" })).problems).toEqual([]);
  expect(truth.wrong()).toEqual([]);
});

test("a rename whose deletion fails for now asks for one backfill in the end", async () => {
  const renamed = truth.bitbucket.renameRepository("MOPP", "data-analyses", "analyses");
  truth.live.simulator.setIntercept(({ method }) =>
    method === "DELETE" ? { status: 503, headers: { "retry-after": "60" }, body: {} } : undefined,
  );
  const container = truth.container();
  for (let attempt = 0; attempt < 3; attempt++)
    expect(await container(renamed)).toMatchObject([{ type: "retry" }]);
  expect(truth.live.backfills).toEqual([]);
  truth.live.simulator.setIntercept(undefined);
  expect(await container(renamed)).toEqual([{ type: "done" }]);
  expect(truth.live.backfills).toHaveLength(1);
  await truth.workOffAsked();
  expect(truth.wrong()).toEqual([]);
});
