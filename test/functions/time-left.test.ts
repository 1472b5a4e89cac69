import type { Context } from "aws-lambda";
import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { liveMessage } from "../../lib/queue/live-message.ts";
import { type FunctionsHarness, remaining, startFunctions } from "../support/functions.ts";
import { understood } from "../support/live.ts";
import { event, pullRequest } from "../support/payloads.ts";
import { rejection } from "../support/rejection.ts";

let functions: FunctionsHarness;
beforeEach(async () => {
  const data = demoData({ projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 1, users: 3 });
  functions = await startFunctions({ bitbucket: { data } });
  const { simulator } = functions.world.live;
  const silence = () => new Promise<undefined>(() => {});
  simulator.setIntercept(({ path }) => (path.endsWith("/auth/access_token") ? undefined : silence()));
});
afterEach(() => functions.close());

const outOfTime = expect.stringMatching(/^(Abort|Timeout)Error$/);

test("when the consumer's time is nearly over, calls end and the message says why it stays", async () => {
  const opened = event("pr:opened", { pullRequest: pullRequest(1) });
  await functions.sqs.live.send(liveMessage(understood(opened), JSON.stringify(opened), "d", Date.now()));
  const batch = await functions.receive("LiveQueue");
  const handler = await functions.container("consumer");
  const kept = await functions.invoke("LiveQueue", handler, batch ?? { Records: [] }, remaining(6_000));
  expect(kept).toEqual(batch?.Records.map(({ messageId }) => messageId));
  expect(functions.logged).toMatchObject([{ outcome: "retry", reason: "out of time" }]);
});

test("when a backfill's time is nearly over, calls end and its message stays", async () => {
  await functions.send("BackfillQueue", { project: "MOPP", state: "ALL" });
  const batch = await functions.receive("BackfillQueue");
  const handler = await functions.container("backfill");
  const kept = await functions.invoke("BackfillQueue", handler, batch ?? { Records: [] }, remaining(11_000));
  expect(kept).toEqual(batch?.Records.map(({ messageId }) => messageId));
  expect(functions.logged).toContainEqual(
    expect.objectContaining({ message: "backfill message failed", error: outOfTime }),
  );
});

test("when a resync's time is nearly over, it says so instead of being cut off", async () => {
  const handler = await functions.container("resync");
  expect(await rejection(handler({}, remaining(6_000)) as Promise<unknown>)).toMatchObject({
    name: outOfTime,
  });
  expect(functions.logged).toContainEqual(
    expect.objectContaining({ message: "resync failed", error: outOfTime }),
  );
});

test("when a setup's time is nearly over, it says so instead of being cut off", async () => {
  await functions.container("resync", { WEBHOOK_URL: "https://hooks.example.org/webhook" });
  const { handler } = await import("../../functions/setup.ts");
  const context = remaining(6_000) as Context;
  expect(await rejection(handler({}, context))).toMatchObject({ name: outOfTime });
});
