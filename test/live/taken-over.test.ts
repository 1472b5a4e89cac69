import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTruth, type Truth, ways } from "../support/truth.ts";

const runs = [
  ["the command", async (truth: Truth) => (await truth.run()).problems],
  ["the messages", async (truth: Truth) => (await truth.messages()).left],
] as const;

/**
 * `data-analyses` becomes `docs-old`, and `pipeline-tools` becomes `data-analyses`: both have pull requests 1 and 2.
 * @param older whose dates are the older ones
 */
function takeOver({ bitbucket }: Truth, older: "newcomer" | "predecessor"): object[] {
  const newest = older === "newcomer" ? "data-analyses" : "pipeline-tools";
  return [
    bitbucket.updatePullRequest(["MOPP", newest, 1], { title: "The newest of all" }),
    bitbucket.renameRepository("MOPP", "data-analyses", "docs old"),
    bitbucket.renameRepository("MOPP", "pipeline-tools", "data analyses"),
  ];
}

const variants = [
  ...ways.map((moved) => ({ moved, dates: "epoch" as const })),
  { moved: "404", dates: "iso" },
] as const;

describe.each(variants)("where an old address answers $moved, with $dates dates", ({ moved, dates }) => {
  let truth: Truth;
  beforeEach(async () => {
    truth = await startTruth({ bitbucket: { moved, dates, reviewsUpdate: false } });
    await truth.run();
    expect(truth.wrong()).toEqual([]);
  });
  afterEach(() => truth.close());

  async function hear(...events: readonly object[]): Promise<void> {
    for (const event of events) expect(await truth.container()(event)).toEqual([{ type: "done" }]);
    await truth.workOffAsked();
  }

  describe.each(["newcomer", "predecessor"] as const)("a name taken over, the %s being older", (older) => {
    test.each(runs)("is its new owner's after %s", async (_, run) => {
      takeOver(truth, older);
      expect(await run(truth)).toEqual([]);
      expect(truth.wrong()).toEqual([]);
    });

    test("is its new owner's when each event is heard by another container", async () => {
      await hear(...takeOver(truth, older));
      expect(truth.wrong()).toEqual([]);
    });

    test("is its new owner's when the events are heard the other way round", async () => {
      await hear(...takeOver(truth, older).toReversed());
      expect(truth.wrong()).toEqual([]);
    });

    test("is its new owner's when all are heard in one batch", async () => {
      await truth.container()(...takeOver(truth, older));
      await truth.workOffAsked();
      expect(truth.wrong()).toEqual([]);
    });
  });

  test.each(["newcomer", "predecessor"] as const)(
    "a name taken over unheard shows the newcomer by its first event, the %s being older",
    async (older) => {
      if (older === "newcomer")
        await hear(truth.bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], { title: "Newest" }));
      truth.bitbucket.renameRepository("MOPP", "data-analyses", "docs old");
      truth.bitbucket.renameRepository("MOPP", "pipeline-tools", "data analyses");
      await hear(truth.bitbucket.comment(["MOPP", "data-analyses", 1], "admin", "Here"));
      const key = "bitbucketPullrequest MOPP/data-analyses/1";
      expect(truth.wrong().filter((what) => what.startsWith(key))).toEqual([]);
    },
  );

  test("a deletion that was meant for the predecessor's pull request leaves the newcomer's", async () => {
    const deleted = truth.bitbucket.deletePullRequest(["MOPP", "data-analyses", 1]);
    await hear(...takeOver(truth, "predecessor").slice(0, 3), deleted);
    expect(truth.wrong()).toEqual([]);
  });

  test("an event of the predecessor's pull request leaves the newcomer's as it is", async () => {
    const late = truth.bitbucket.mergePullRequest(["MOPP", "data-analyses", 1]);
    await hear(...takeOver(truth, "newcomer").slice(1), late);
    expect(truth.wrong()).toEqual([]);
  });

  test("a repository deleted and made anew under its name has none of the old one's", async () => {
    truth.bitbucket.deleteRepository("MOPP", "data-analyses");
    truth.bitbucket.createRepository("MOPP", { name: "data analyses", description: "Made anew" });
    const opened = truth.bitbucket.createPullRequest("MOPP", "data-analyses", { title: "The first" });
    await hear(opened);
    expect((await truth.run()).problems).toEqual([]);
    expect(truth.wrong()).toEqual([]);
  });
});
