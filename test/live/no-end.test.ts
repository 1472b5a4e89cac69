import { expect, test } from "vitest";
import type { Fault } from "../../infra/local/simulators/http.ts";
import { startTruth } from "../support/truth.ts";

const ways: readonly (readonly [name: string, end: () => Fault | Promise<Fault>])[] = [
  ["an answer that never ends", () => ({ status: 200, body: '{"values":[', neverEnds: true })],
  ["a connection that says nothing", () => new Promise(() => undefined)],
];

test.concurrent.each(ways)("%s costs a batch the events that need it, and no neighbour", async (_, end) => {
  const truth = await startTruth();
  await truth.run();
  const { bitbucket } = truth;
  const events = [
    bitbucket.push("MOPP", "data-analyses"),
    bitbucket.updatePullRequest(["MOPP", "data-analyses", 2], { title: "Not to be read" }),
    bitbucket.updatePullRequest(["MOPP", "pipeline-tools", 1], { title: "Changed beside it" }),
    bitbucket.updateProject("SHOP", { description: "Changed beside it" }),
    bitbucket.deletePullRequest(["SHOP", "pipeline-tools", 1]),
  ];
  const spoiled = /\/MOPP\/repos\/data-analyses(\/(raw\/.*|commits|pull-requests\/2))?$/;
  bitbucket.setIntercept(({ path }) => (spoiled.test(path) ? end() : undefined));
  const outcomes = await truth.container(undefined, 1_000)(...events);
  const waits = { type: "retry", reason: "bitbucket TimeoutError" };
  const done = { type: "done" };
  expect(outcomes).toEqual([waits, expect.objectContaining({ type: expect.any(String) }), done, done, done]);
  expect(truth.wrong().filter((what) => !what.includes("MOPP/data-analyses"))).toEqual([]);
  bitbucket.setIntercept(undefined);
  const [push, update] = events;
  if (push === undefined || update === undefined) throw new Error("no events");
  expect(await truth.container()(push, update)).toEqual([done, done]);
  expect(truth.wrong()).toEqual([]);
  await truth.close();
});
