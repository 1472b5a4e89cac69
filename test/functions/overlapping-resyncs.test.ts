import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { type FunctionsHarness, type Handler, plenty, startFunctions } from "../support/functions.ts";

let functions: FunctionsHarness;
let resync: Handler;
beforeEach(async () => {
  const data = demoData({ projects: 13, repositoriesPerProject: 1, pullRequestsPerRepository: 1, users: 6 });
  functions = await startFunctions({ bitbucket: { data } });
  resync = await functions.container("resync");
});
afterEach(() => functions.close());

type Message = Record<string, unknown>;

/** What is in the queue and visible, taken out of it. */
async function waiting(): Promise<Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const event = await functions.receive("BackfillQueue");
    if (event === undefined) return messages;
    messages.push(...event.Records.map(({ body }) => JSON.parse(body) as Message));
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

test("one that overlaps another costs Bitbucket no call more for the projects that were not begun", async () => {
  const work = async () => {
    const backfill = await functions.container("backfill");
    functions.world.bitbucket.calls.length = 0;
    for (let event = await functions.receive("BackfillQueue"); event; ) {
      await functions.invoke("BackfillQueue", backfill, event);
      event = await functions.receive("BackfillQueue");
    }
    return functions.world.bitbucket.calls.filter(({ path }) => path.includes("/projects/")).length;
  };
  await resync({}, plenty);
  await work();
  await resync({}, plenty);
  const one = await work();
  for (let run = 0; run < 3; run++) await resync({}, plenty);
  expect(await work()).toBe(one);
});

test("what an earlier run has begun with is done again, once", async () => {
  await resync({}, plenty);
  const begun = await functions.receive("BackfillQueue");
  const body = JSON.parse(begun?.Records[0]?.body ?? "{}") as Message;
  await resync({}, plenty);
  await resync({}, plenty);
  const messages = await waiting();
  expect(scopes(messages)).toContain(body["users"] === true ? "users" : String(body["project"]));
  expect(messages).toHaveLength(14);
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
  await functions.send("BackfillQueue", { project: "mopp", state: "ALL" });
  await resync({ projects: ["MOPP"] }, plenty);
  const messages = await waiting();
  expect(messages).toHaveLength(others.length + 2);
  for (const message of others) expect(messages).toContainEqual(message);
});
