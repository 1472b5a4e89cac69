import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BitbucketSimulator } from "../../infra/local/simulators/bitbucket/server.ts";
import { startTruth, type Truth, ways } from "../support/truth.ts";

/** What happens to an address while nobody listens. */
const changes: readonly (readonly [name: string, change: (bitbucket: BitbucketSimulator) => void])[] = [
  ["a renamed repository", (it) => it.renameRepository("MOPP", "data-analyses", "analyses")],
  ["a moved repository", (it) => it.moveRepository("MOPP", "pipeline-tools", "~ADA.BIRCH")],
  ["a project with another key", (it) => it.updateProject("MOPP", { key: "PROM" })],
  [
    "a repository renamed in a project that is renamed then",
    (it) => {
      it.renameRepository("MOPP", "data-analyses", "analyses");
      it.updateProject("MOPP", { key: "PROM" });
    },
  ],
  [
    "a repository renamed twice",
    (it) => {
      it.renameRepository("MOPP", "data-analyses", "analyses");
      it.renameRepository("MOPP", "analyses", "analytics");
    },
  ],
  [
    "a repository renamed and then moved",
    (it) => {
      it.createProject({ key: "NEW", name: "New" });
      it.renameRepository("MOPP", "data-analyses", "analyses");
      it.moveRepository("MOPP", "analyses", "NEW");
    },
  ],
  [
    "a project with two other keys, one after the other",
    (it) => {
      it.updateProject("MOPP", { key: "PROM" });
      it.updateProject("PROM", { key: "PREM" });
    },
  ],
  [
    "a repository renamed and renamed back, changed in between",
    (it) => {
      it.renameRepository("MOPP", "data-analyses", "analyses");
      it.updatePullRequest(["MOPP", "analyses", 1], { title: "Changed in between" });
      it.renameRepository("MOPP", "analyses", "data analyses");
    },
  ],
  [
    "a project with its old key again",
    (it) => {
      it.updateProject("MOPP", { key: "PROM" });
      it.mergePullRequest(["PROM", "data-analyses", 1]);
      it.updateProject("PROM", { key: "MOPP" });
    },
  ],
  [
    "a repository of another case only",
    (it) => it.renameRepository("MOPP", "data-analyses", "Data Analyses"),
  ],
];

const runs = [
  ["the command", async (truth: Truth) => (await truth.run()).problems],
  ["the messages", async (truth: Truth) => (await truth.messages()).left],
] as const;

describe.each(ways)("where an old address answers %s", (moved) => {
  let truth: Truth;
  beforeEach(async () => {
    truth = await startTruth({ bitbucket: { moved } });
    expect(await truth.run()).toMatchObject({ problems: [] });
    expect(truth.wrong()).toEqual([]);
  });
  afterEach(() => truth.close());

  describe.each(runs)("by %s", (_, run) => {
    test.each(changes)("%s is there once, where it is now", async (_name, change) => {
      change(truth.bitbucket);
      expect(await run(truth)).toEqual([]);
      expect(truth.wrong()).toEqual([]);
    });
  });

  test("a second run after a rename writes nothing and asks for no old address", async () => {
    truth.bitbucket.renameRepository("MOPP", "data-analyses", "analyses");
    truth.bitbucket.updateProject("SHOP", { key: "MART" });
    await truth.run();
    truth.live.takeCalls();
    truth.bitbucket.calls.length = 0;
    expect((await truth.run()).problems).toEqual([]);
    expect(truth.live.takeCalls().filter((call) => /\/bulk|^DELETE|^PATCH/.test(call))).toEqual([]);
    const old = truth.bitbucket.calls.filter(({ path }) => /\/MOPP\/repos\/data-analyses|\/SHOP/.test(path));
    expect(old.map(({ path }) => path)).toEqual([]);
  });

  test("what was moved out of the filter's projects goes, and is not brought from there", async () => {
    truth.bitbucket.moveRepository("MOPP", "pipeline-tools", "~ADA.BIRCH");
    const shown = truth.ids("bitbucketPullrequest").filter((id) => !id.startsWith("MOPP/pipeline-tools"));
    expect((await truth.run({ projects: ["MOPP"] })).problems).toEqual([]);
    expect(truth.ids("bitbucketRepository")).not.toContain("MOPP/pipeline-tools");
    expect(truth.ids("bitbucketPullrequest")).toEqual(shown);
  });

  test("what is renamed while its project is listed ends right with the next run", async () => {
    let left = 1;
    truth.bitbucket.setIntercept(({ path }) => {
      if (path.endsWith("/projects/MOPP/repos") && left-- === 1)
        queueMicrotask(() => truth.bitbucket.renameRepository("MOPP", "pipeline-tools", "a tool"));
      return undefined;
    });
    await truth.run();
    truth.bitbucket.setIntercept(undefined);
    await truth.run();
    expect(truth.wrong()).toEqual([]);
  });
});
