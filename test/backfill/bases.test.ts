import { afterEach, describe, expect, test } from "vitest";
import { startTruth, type Truth, ways } from "../support/truth.ts";

let truth: Truth;
afterEach(() => truth.close());

const linkBases = [
  undefined,
  "https://git.example.org",
  "https://git.example.org/scm",
  "https://GIT.example.org:8443/Context",
] as const;
const runs = [
  ["the command", async () => (await truth.run()).problems],
  ["the messages", async () => (await truth.messages()).left],
] as const;

describe.each(linkBases)("where links begin with %s", (linkBase) => {
  const options = linkBase === undefined ? {} : { linkBase };

  describe.each(runs)("%s", (_, run) => {
    test("see a project's last repositories go", async () => {
      truth = await startTruth({ bitbucket: options });
      await truth.run();
      expect(truth.wrong()).toEqual([]);
      truth.bitbucket.deleteRepository("MOPP", "data-analyses");
      truth.bitbucket.deleteRepository("MOPP", "pipeline-tools");
      expect(await run()).toEqual([]);
      expect(truth.wrong()).toEqual([]);
    });

    test("see the last project go, and a user whom nothing names", async () => {
      truth = await startTruth({ bitbucket: options });
      await truth.run();
      truth.bitbucket.deleteProject("SHOP");
      expect(await run()).toEqual([]);
      truth.bitbucket.deleteProject("MOPP");
      expect(await run()).toEqual([]);
      expect(truth.wrong()).toEqual([]);
    });

    test("see everything of a repository's go when only its pull requests were left", async () => {
      truth = await startTruth({ bitbucket: options });
      await truth.run();
      for (const id of [1, 2]) truth.bitbucket.deletePullRequest(["MOPP", "data-analyses", id]);
      expect(await run()).toEqual([]);
      expect(truth.wrong()).toEqual([]);
    });
  });

  test.each(ways)("a rename is followed where old addresses answer %s", async (moved) => {
    truth = await startTruth({ bitbucket: { ...options, moved } });
    await truth.run();
    truth.bitbucket.renameRepository("MOPP", "data-analyses", "analyses");
    truth.bitbucket.updateProject("SHOP", { key: "MART" });
    expect((await truth.run()).problems).toEqual([]);
    expect(truth.wrong()).toEqual([]);
    const renamed = truth.bitbucket.renameRepository("MOPP", "analyses", "analytics");
    expect(await truth.container()(renamed)).toEqual([{ type: "done" }]);
    await truth.workOffAsked();
    expect(truth.wrong()).toEqual([]);
  });

  test("deletions are heard", async () => {
    truth = await startTruth({ bitbucket: options });
    await truth.run();
    const deleted = truth.bitbucket.deletePullRequest(["MOPP", "data-analyses", 1]);
    expect(await truth.container()(deleted)).toEqual([{ type: "done" }]);
    expect(truth.wrong()).toEqual([]);
  });
});

test("another Bitbucket's entities stay, whatever is gone here", async () => {
  truth = await startTruth({ bitbucket: { linkBase: "https://git.example.org" } });
  await truth.run();
  const link = "https://other.example.org/projects/MOPP/repos/theirs/browse";
  truth.live.simulator.put("bitbucketRepository", {
    identifier: "MOPP/theirs",
    properties: { link },
    relations: { project: "MOPP" },
  });
  truth.bitbucket.deleteRepository("MOPP", "data-analyses");
  truth.bitbucket.deleteRepository("MOPP", "pipeline-tools");
  await truth.run();
  expect(truth.ids("bitbucketRepository").filter((id) => id.startsWith("MOPP/"))).toEqual(["MOPP/theirs"]);
});
