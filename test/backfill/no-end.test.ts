import { describe, expect, test } from "vitest";
import type { Fault } from "../../infra/local/simulators/http.ts";
import { workOff } from "../../lib/backfill/work.ts";
import { startTruth, type Truth } from "../support/truth.ts";

/** ms that a call takes which has no end; nothing else comes near it. */
const timeoutMs = 1_000;

const ways: readonly (readonly [name: string, end: () => Fault | Promise<Fault>])[] = [
  ["an answer that never ends", () => ({ status: 200, body: '{"values":[', neverEnds: true })],
  ["a connection that says nothing", () => new Promise(() => undefined)],
];

/** A catalog that is true, of which one repository and one pull request are not in Bitbucket any more. */
async function start(): Promise<Truth> {
  const truth = await startTruth();
  await truth.run();
  truth.live.simulator.put("bitbucketRepository", {
    identifier: "MOPP/ghost",
    properties: { link: `${truth.bitbucket.url}/projects/MOPP/repos/ghost/browse` },
    relations: { project: "MOPP" },
  });
  truth.bitbucket.deletePullRequest(["MOPP", "pipeline-tools", 1]);
  truth.bitbucket.deletePullRequest(["SHOP", "pipeline-tools", 1]);
  truth.bitbucket.updatePullRequest(["MOPP", "pipeline-tools", 2], { title: "Changed beside it" });
  truth.bitbucket.updateProject("MOPP", { description: "Changed beside it" });
  return truth;
}

describe.concurrent.each(ways)("%s", (_way, end) => {
  test("costs a run what cannot be read of a project's objects and nothing else, each named", async () => {
    const truth = await start();
    const spoiled =
      /\/MOPP\/repos\/(data-analyses\/(raw\/|commits$|pull-requests$)|ghost$|pipeline-tools\/pull-requests\/1$)/;
    truth.bitbucket.setIntercept(({ path }) => (spoiled.test(path) ? end() : undefined));
    const { problems } = await truth.run({ bitbucket: truth.client(undefined, timeoutMs) });
    await truth.close();
    expect(problems.toSorted()).toEqual([
      expect.stringMatching(/^pull-request:mopp.pipeline-tools.1: whether it is still there .*TimeoutError/),
      expect.stringMatching(/^repository:mopp.data-analyses: README could not be read .*TimeoutError/),
      expect.stringMatching(/^repository:mopp.data-analyses: all of its pull requests .*TimeoutError/),
      expect.stringMatching(/^repository:mopp.data-analyses: latest commit .*TimeoutError/),
      expect.stringMatching(/^repository:mopp.ghost: whether it is still there .*TimeoutError/),
    ]);
    expect(truth.wrong()).toEqual([
      "extra: bitbucketRepository MOPP/ghost",
      "extra: bitbucketPullrequest MOPP/pipeline-tools/1",
    ]);
  });

  test("to a listing costs what is in it and nothing else, and is named", async () => {
    const truth = await start();
    truth.bitbucket.setIntercept(({ path }) => (/\/(MOPP\/repos|users)$/.test(path) ? end() : undefined));
    const { problems } = await truth.run({ bitbucket: truth.client(undefined, timeoutMs) });
    await truth.close();
    expect(problems.toSorted()).toEqual([
      expect.stringMatching(/^project:MOPP: .*no answer comes in time.*Tried: GET repos at/),
      expect.stringMatching(/^users: .*no answer comes in time.*Tried: GET admin\/users at/),
    ]);
    expect(truth.wrong().filter((what) => !what.includes("MOPP/"))).toEqual([]);
    expect(truth.ids("bitbucketPullrequest")).toContain("MOPP/pipeline-tools/1");
  });

  test("lets the messages' other repositories through at once, and is named with the eighth delivery", async () => {
    const truth = await start();
    truth.bitbucket.setIntercept(({ path }) => (/\/MOPP\/.*\/raw\//.test(path) ? end() : undefined));
    const notes: string[] = [];
    const body = JSON.stringify({ runId: "r", project: "MOPP", state: "ALL" });
    const queue = { sendAll: async () => undefined, hide: async () => undefined } as never;
    const deliver = (receiveCount: number) =>
      workOff(
        { id: "m", body, receiptHandle: "r", groupId: "m", receiveCount, sentAt: 0 },
        queue,
        truth.context({ bitbucket: truth.client(undefined, timeoutMs), notes }),
      );
    expect(await deliver(1)).toBe(true);
    expect(truth.live.simulator.entity("bitbucketPullrequest", "MOPP/pipeline-tools/2")?.title).toBe(
      "Changed beside it",
    );
    expect(await deliver(8)).toBe(false);
    await truth.close();
  });
});
