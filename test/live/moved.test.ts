import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BitbucketSimulator } from "../../infra/local/simulators/bitbucket/server.ts";
import { startTruth, type Truth, ways } from "../support/truth.ts";

/** What happens, and the events of it. */
const changes: readonly (readonly [name: string, change: (bitbucket: BitbucketSimulator) => object[]])[] = [
  ["a renamed repository", (it) => [it.renameRepository("MOPP", "data-analyses", "analyses")]],
  ["a moved repository", (it) => [it.moveRepository("MOPP", "pipeline-tools", "~ADA.BIRCH")]],
  ["a project with another key", (it) => [it.updateProject("MOPP", { key: "PROM" })]],
  [
    "a repository renamed twice",
    (it) => [
      it.renameRepository("MOPP", "data-analyses", "analyses"),
      it.renameRepository("MOPP", "analyses", "analytics"),
    ],
  ],
  [
    "a repository renamed and moved",
    (it) => [
      it.renameRepository("MOPP", "pipeline-tools", "tools"),
      it.moveRepository("MOPP", "tools", "~ADA.BIRCH"),
    ],
  ],
  [
    "a repository renamed in a project that is renamed then",
    (it) => [
      it.renameRepository("MOPP", "data-analyses", "analyses"),
      it.updateProject("MOPP", { key: "PROM" }),
    ],
  ],
  [
    "a repository renamed and renamed back",
    (it) => [
      it.renameRepository("MOPP", "data-analyses", "analyses"),
      it.updatePullRequest(["MOPP", "analyses", 1], { title: "Changed in between" }),
      it.renameRepository("MOPP", "analyses", "data analyses"),
    ],
  ],
  [
    "a project with its old key again",
    (it) => [it.updateProject("MOPP", { key: "PROM" }), it.updateProject("PROM", { key: "MOPP" })],
  ],
  [
    "a repository of another case only",
    (it) => [it.renameRepository("MOPP", "data-analyses", "Data Analyses")],
  ],
  [
    "a pull request changed before the rename",
    (it) => [
      it.updatePullRequest(["MOPP", "data-analyses", 1], { title: "Changed before" }),
      it.renameRepository("MOPP", "data-analyses", "analyses"),
      it.mergePullRequest(["MOPP", "analyses", 1]),
    ],
  ],
  [
    "a pull request deleted before the rename",
    (it) => [
      it.deletePullRequest(["MOPP", "data-analyses", 2]),
      it.renameRepository("MOPP", "data-analyses", "analyses"),
    ],
  ],
];

describe.each(ways)("where an old address answers %s", (moved) => {
  let truth: Truth;
  beforeEach(async () => {
    truth = await startTruth({ bitbucket: { moved } });
    expect(await truth.run()).toMatchObject({ problems: [] });
  });
  afterEach(() => truth.close());

  async function hear(events: readonly object[]): Promise<void> {
    // Each in a container of its own, which remembers nothing of the others.
    for (const event of events) expect(await truth.container()(event)).toEqual([{ type: "done" }]);
    expect(await truth.workOffAsked()).toMatchObject({ left: [] });
  }

  test.each(changes)("%s is there once, where it is now", async (_, change) => {
    await hear(change(truth.bitbucket));
    expect(truth.wrong()).toEqual([]);
  });

  test.each(changes.filter(([name]) => !name.includes("moved")))(
    "%s is there once, whatever was heard first",
    async (_, change) => {
      await hear(change(truth.bitbucket).toReversed());
      expect(truth.wrong()).toEqual([]);
    },
  );

  test.each(changes)("%s is there once, heard of in one batch", async (_, change) => {
    const outcomes = await truth.container()(...change(truth.bitbucket));
    expect(new Set(outcomes.map(({ type }) => type))).toEqual(new Set(["done"]));
    await truth.workOffAsked();
    expect(truth.wrong()).toEqual([]);
  });

  test("an event from before a rename, heard by another container after it, makes nothing anew", async () => {
    const before = truth.bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], { title: "Before" });
    const push = truth.bitbucket.push("MOPP", "data-analyses");
    await hear([truth.bitbucket.renameRepository("MOPP", "data-analyses", "analyses")]);
    await hear([before, push]);
    expect(truth.wrong()).toEqual([]);
  });

  test("an event in a warm container does not bring back what a run has swept since", async () => {
    const warm = truth.container();
    await warm(truth.bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], { title: "Warm" }));
    const late = truth.bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], { title: "Late" });
    truth.bitbucket.renameRepository("MOPP", "data-analyses", "analyses");
    truth.bitbucket.deletePullRequest(["MOPP", "analyses", 2]);
    expect((await truth.run()).problems).toEqual([]);
    expect(truth.wrong()).toEqual([]);
    expect(await warm(late)).toEqual([{ type: "done" }]);
    expect(truth.wrong()).toEqual([]);
  });
});
