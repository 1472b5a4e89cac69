import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

describe.each([["~ADA.BIRCH"], ["~ada.birch"]])(
  "the personal project %s, which the filter names",
  (named) => {
    const projects = ["MOPP", "SHOP", named];
    const runs = [
      ["the command", async () => (await truth.run({ projects })).problems],
      ["the messages", async () => (await truth.messages({ projects })).left],
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
      await truth.run({ projects });
      truth.bitbucket.mergePullRequest([key, "data-analyses", 1]);
      const { counts } = await truth.run({ projects, state: "OPEN" });
      expect(counts["pull-request"]).toMatchObject({ updated: 1, left: 0 });
      expect(truth.wrong()).toEqual([]);
    });

    test("goes with all beneath it when it is gone", async () => {
      await truth.run({ projects });
      truth.bitbucket.deleteProject(key);
      await truth.run({ projects });
      expect(own("bitbucketProject")).toEqual([]);
      expect(own("bitbucketRepository")).toEqual([]);
    });
  },
);

test("events of one personal project are of one group, in whatever case its key comes", () => {
  const event = truth.bitbucket.updatePullRequest([key, "data-analyses", 1], { title: "Changed" });
  const lower = JSON.parse(JSON.stringify(event).replaceAll(key, "~ada.birch"));
  const [one, two] = [event, lower].map((it) =>
    groupId(understood(it as Parameters<typeof understood>[0]).change),
  );
  expect(one).toBe(two);
});
