import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BackfillContext } from "../../lib/backfill/context.ts";
import { groupId } from "../../lib/queue/sqs-id.ts";
import { understood } from "../support/live.ts";
import { startTruth, type Truth } from "../support/truth.ts";

const key = "~ADA.BIRCH";
let truth: Truth;
beforeEach(async () => {
  truth = await startTruth();
  truth.bitbucket.createPullRequest(key, "data-analyses", { title: "First" });
  truth.bitbucket.createPullRequest(key, "data-analyses", { title: "Second" });
});
afterEach(() => truth.close());

const own = (blueprint: string) => truth.ids(blueprint).filter((id) => /^[~_]ada\.birch/i.test(id));

describe.each<[string, Partial<BackfillContext>]>([
  ["~ADA.BIRCH, which the filter names", { projects: ["MOPP", "SHOP", "~ADA.BIRCH"] }],
  ["~ada.birch, which the filter names", { projects: ["MOPP", "SHOP", "~ada.birch"] }],
  ["of somebody, where all are wanted", { personalProjects: true }],
  [
    "of somebody, where all are wanted beside the filter",
    { projects: ["MOPP", "SHOP"], personalProjects: true },
  ],
  [
    "of somebody, which is wanted in both ways",
    { projects: ["mopp", "shop", "~Ada.Birch"], personalProjects: true },
  ],
])("the personal project %s,", (_, wanted) => {
  const runs = [
    ["the command", async () => (await truth.run(wanted)).problems],
    ["the messages", async () => (await truth.messages(wanted)).left],
  ] as const;

  test.each(runs)("is like any other for %s", async (_, run) => {
    expect(await run()).toEqual([]);
    expect(truth.wrong()).toEqual([]);
    expect(own("bitbucketPullrequest")).toHaveLength(2);
    truth.bitbucket.mergePullRequest([key, "data-analyses", 1]);
    truth.bitbucket.deletePullRequest([key, "data-analyses", 2]);
    expect(await run()).toEqual([]);
    expect(truth.wrong()).toEqual([]);
    expect(own("bitbucketPullrequest")).toHaveLength(1);
    truth.bitbucket.deleteRepository(key, "data-analyses");
    expect(await run()).toEqual([]);
    expect(own("bitbucketRepository")).toEqual([]);
    expect(own("bitbucketPullrequest")).toEqual([]);
  });

  test("changes its state when it was merged unheard and only open ones are listed", async () => {
    await truth.run(wanted);
    truth.bitbucket.mergePullRequest([key, "data-analyses", 1]);
    const { counts } = await truth.run({ ...wanted, state: "OPEN" });
    expect(counts["pull-request"]).toMatchObject({ updated: 1, left: 0 });
    expect(truth.wrong()).toEqual([]);
  });

  test("goes with all beneath it when it is gone", async () => {
    await truth.run(wanted);
    truth.bitbucket.deleteProject(key);
    await truth.run(wanted);
    expect(own("bitbucketProject")).toEqual([]);
    expect(own("bitbucketRepository")).toEqual([]);
  });
});

test("events of one personal project are of one group, in whatever case its key comes", () => {
  const event = truth.bitbucket.updatePullRequest([key, "data-analyses", 1], { title: "Changed" });
  const lower = JSON.parse(JSON.stringify(event).replaceAll(key, "~ada.birch"));
  const [one, two] = [event, lower].map((it) =>
    groupId(understood(it as Parameters<typeof understood>[0]).change),
  );
  expect(one).toBe(two);
});

const note = expect.stringMatching(
  /personal projects.*left out.*PERSONAL_PROJECTS=true.*BITBUCKET_PROJECTS_FILTER/,
);
const glimpses = () =>
  truth.bitbucket.calls.filter(({ path }) => path.endsWith("/repos") && !path.includes("/projects/"));

test("that personal projects are left out is noted once, for one call", async () => {
  const { notes } = await truth.run();
  expect(notes).toEqual([note]);
  expect(glimpses()).toHaveLength(1);
  expect(own("bitbucketProject")).toEqual([]);
});

test("where there are none nothing is noted, nor where nobody can tell", async () => {
  truth.bitbucket.setIntercept(({ path }) =>
    path.endsWith("/1.0/repos")
      ? { status: 404, body: { message: "null for uri", "status-code": 404 } }
      : undefined,
  );
  expect(await truth.run()).toMatchObject({ notes: [], problems: [] });
  truth.bitbucket.setIntercept(undefined);
  truth.bitbucket.deleteProject(key);
  expect((await truth.run()).notes).toEqual([]);
});

test.each<[string, Partial<BackfillContext>]>([
  ["the filter names projects", { projects: ["MOPP"] }],
  ["all personal ones are wanted", { personalProjects: true }],
])("where %s the answer is known, and nobody is asked for it", async (_, wanted) => {
  const { notes } = await truth.run(wanted);
  expect(notes).toEqual([]);
  // Those that are wanted are found by one listing.
  expect(glimpses()).toHaveLength(wanted.personalProjects ? 1 : 0);
});

test("a resync makes no call more for it, unless all personal projects are wanted", async () => {
  const { notes } = await truth.messages();
  expect(notes).toEqual([]);
  expect(glimpses()).toHaveLength(0);
  await truth.messages({ personalProjects: true });
  expect(glimpses()).toHaveLength(1);
  await truth.messages({ personalProjects: true }, { projects: ["MOPP"] });
  expect(glimpses()).toHaveLength(1);
});

test("where all are wanted and their listing breaks off, no project goes", async () => {
  await truth.run({ personalProjects: true });
  const before = own("bitbucketProject");
  truth.bitbucket.setIntercept(({ path }) =>
    path.endsWith("/1.0/repos") ? { status: 403, body: { errors: [] } } : undefined,
  );
  const { problems } = await truth.run({ personalProjects: true });
  expect(problems).toHaveLength(1);
  expect(before).toHaveLength(1);
  expect(own("bitbucketProject")).toEqual(before);
});
