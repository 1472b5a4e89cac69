import type { SQSEvent } from "aws-lambda";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { type FunctionsHarness, type Handler, plenty, startFunctions } from "../support/functions.ts";

let functions: FunctionsHarness;
let resync: Handler;
beforeEach(async () => {
  const data = demoData({ projects: 13, repositoriesPerProject: 1, pullRequestsPerRepository: 1, users: 6 });
  functions = await startFunctions({ bitbucket: { data } });
  resync = await functions.container("resync");
});
afterEach(async () => {
  vi.restoreAllMocks();
  await functions.close();
});

type Message = Record<string, unknown>;

/** What is in the queue and may be begun with, one after the other. */
async function waiting(): Promise<Message[]> {
  const messages: Message[] = [];
  const note: Handler = async (event) => {
    const { Records } = event as SQSEvent;
    messages.push(...Records.map(({ body }) => JSON.parse(body) as Message));
    return { batchItemFailures: [] };
  };
  await drain(note);
  return messages;
}

async function drain(handler: Handler): Promise<void> {
  for (let event = await functions.receive("BackfillQueue"); event; ) {
    await functions.invoke("BackfillQueue", handler, event);
    event = await functions.receive("BackfillQueue");
  }
}

const scopes = (messages: readonly Message[]) =>
  messages.map(({ users, project }) => (users === true ? "users" : String(project))).toSorted();

test("three resyncs in a row go through each project once", async () => {
  for (let run = 0; run < 3; run++) expect(await resync({}, plenty)).toMatchObject({ messages: 14 });
  const messages = await waiting();
  expect(messages).toHaveLength(14);
  expect(new Set(scopes(messages)).size).toBe(14);

  const calls = () => functions.world.bitbucket.calls.filter(({ path }) => path.endsWith("/repos"));
  expect(calls()).toEqual([]);
});

const leftOut = "backfill message left out: all it asks for was done since it was sent";
const projectCalls = () =>
  functions.world.bitbucket.calls.filter(({ path }) => path.includes("/projects/")).length;

test("one that overlaps another costs Bitbucket no call more for the projects that were not begun", async () => {
  const work = async () => {
    functions.world.bitbucket.calls.length = 0;
    await drain(await functions.container("backfill"));
    return projectCalls();
  };
  await resync({}, plenty);
  await work();
  await resync({}, plenty);
  const one = await work();
  for (let run = 0; run < 3; run++) await resync({}, plenty);
  expect(await work()).toBe(one);
});

/** Begins with a project, and the users before it; ends that when it is called. */
async function begin(project: string): Promise<() => Promise<unknown>> {
  for (;;) {
    const event = await functions.receive("BackfillQueue");
    if (event === undefined) throw new Error("nothing to begin with");
    if (JSON.parse(event.Records[0]?.body ?? "{}").project === project)
      return () => functions.invoke("BackfillQueue", async () => ({ batchItemFailures: [] }), event);
  }
}

test("while a project is worked on, nobody is given another message of it, parts of it included", async () => {
  await resync({ projects: ["MOPP"] }, plenty);
  const end = await begin("MOPP");
  await resync({ projects: ["MOPP"] }, plenty);
  const work = { cursor: { start: 1 }, gone: [] };
  await functions.send("BackfillQueue", { runId: "r", project: "mopp", state: "ALL", work });
  expect(await waiting()).toEqual([]);
  await end();
  expect(scopes(await waiting())).toEqual(["MOPP", "mopp"]);
});

test("what resyncs sent while a project was worked on is gone through once", async () => {
  const sent = Date.now();
  await resync({ projects: ["MOPP"] }, plenty);
  const end = await begin("MOPP");
  for (const state of ["ALL", "OPEN", "ALL"]) await resync({ projects: ["MOPP"], state }, plenty);
  await end();
  // Some seconds later: so far may the clocks of SQS and of the function be apart.
  vi.spyOn(Date, "now").mockImplementation(() => sent + 60_000 + performance.now());
  await drain(await functions.container("backfill"));
  const told = functions.logged.filter(({ project }) => project === "MOPP").map(({ message }) => message);
  expect(told).toEqual(["backfill message done", leftOut, leftOut]);
});

test("what asks for more than was done since is not left out", async () => {
  const sent = Date.now();
  const wishes = [{ state: "OPEN" }, { state: "ALL" }, { state: "ALL", allowMassDelete: true }];
  for (const wish of [...wishes, { state: "ALL", deleteSuperseded: true }])
    await functions.send("BackfillQueue", { runId: "r", project: "MOPP", ...wish });
  vi.spyOn(Date, "now").mockImplementation(() => sent + 60_000 + performance.now());
  await drain(await functions.container("backfill"));
  expect(functions.logged.filter(({ message }) => message === "backfill message done")).toHaveLength(4);
});

test("users' deletions of several resyncs do not wait for one another", async () => {
  for (let run = 0; run < 3; run++)
    await functions.send("BackfillQueue", { runId: `r${run}`, users: true, last: true });
  const backfill = await functions.container("backfill");
  const step = async () => {
    const event = await functions.receive("BackfillQueue");
    return event && functions.invoke("BackfillQueue", backfill, event);
  };
  expect(await step()).toHaveLength(1);
  expect(await step()).toBeUndefined();

  const { pending } = functions.sqs.backfill;
  expect(await pending()).toEqual({ waiting: 2, inFlight: 1 });
  // The pause is over, and then some.
  const sent = Date.now();
  vi.spyOn(Date, "now").mockImplementation(() => sent + 3 * 60_000 + performance.now());
  await drain(backfill);
  expect(await pending()).toEqual({ waiting: 0, inFlight: 0 });
  const told = functions.logged
    .map(({ message }) => String(message))
    .filter((it) => it.startsWith("backfill"));
  expect(told).toEqual(["backfill message waits", ...Array(3).fill("backfill message done")]);
});

test("what the earlier one was asked for is not forgotten", async () => {
  await resync(
    { projects: ["MOPP"], state: "MERGED", allowMassDelete: true, deleteSuperseded: true },
    plenty,
  );
  await resync({ projects: ["MOPP", "SHOP"], state: "OPEN" }, plenty);
  const messages = await waiting();
  expect(scopes(messages)).toEqual(["MOPP", "SHOP", "users"]);
  const of = (project: string) => messages.find((message) => message["project"] === project);
  expect(of("MOPP")).toMatchObject({ state: "ALL", allowMassDelete: true, deleteSuperseded: true });
  expect(of("SHOP")).toMatchObject({ state: "OPEN", allowMassDelete: false });
  expect(of("SHOP")).not.toHaveProperty("deleteSuperseded");
});

test("what is not a whole project of the new run stays in the queue as it is", async () => {
  const work = { cursor: { start: 3 }, gone: [] };
  const others = [
    { runId: "r", project: "MOPP", state: "ALL", work },
    { runId: "r", project: "MOPP", repository: "data-analyses", state: "ALL" },
    { runId: "r", project: "SHOP", state: "ALL" },
    { other: "message" },
  ];
  for (const message of others) await functions.send("BackfillQueue", message);
  await resync({ projects: ["MOPP"] }, plenty);
  const messages = await waiting();
  expect(messages).toHaveLength(others.length + 2);
  for (const message of others) expect(messages).toContainEqual(message);
});
