import { afterEach, beforeEach, expect, test } from "vitest";
import type { Call } from "../../infra/local/simulators/http.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";

let harness: BackfillHarness;
let told: string[];
beforeEach(async () => {
  harness = await startBackfill();
  told = [];
});
afterEach(() => harness.close());

const run = () => harness.run({ tell: (sentence) => void told.push(sentence) });
const listsProjects = ({ path }: Call) => path.endsWith("/projects");
const callsTo = (ending: string) =>
  [...harness.bitbucket.calls, ...harness.live.simulator.calls].filter(({ path }) => path.endsWith(ending));

/** A first run, after which nothing has to be written, and no page to be looked at again. */
async function fill(): Promise<void> {
  expect((await run()).problems).toEqual([]);
  harness.bitbucket.calls.length = 0;
}

test("where all is well it costs no call: the run goes on from what was asked", async () => {
  await fill();
  expect((await run()).problems).toEqual([]);
  expect(callsTo("/projects")).toHaveLength(1);
  expect(callsTo("/auth/access_token")).toHaveLength(1);
  expect(callsTo("/application-properties")).toEqual([]);
  expect(told).toEqual([]);
});

test("a Bitbucket whose listing takes its time is no fault, as long as it answers at all", async () => {
  await fill();
  const asked = Promise.withResolvers<undefined>();
  harness.bitbucket.setIntercept((call) => {
    if (call.path.endsWith("/application-properties")) asked.resolve(undefined);
    return listsProjects(call) ? asked.promise : undefined;
  });
  expect((await run()).problems).toEqual([]);
  expect(callsTo("/projects")).toHaveLength(1);
  expect(callsTo("/application-properties")).toHaveLength(1);
  expect(told).toEqual([]);
});

test("a blueprint that Port does not have is said with what makes it", async () => {
  await harness.close();
  harness = await startBackfill({ port: { blueprints: [] } });
  const { problems } = await run();
  expect(problems[0]).toMatch(/Port has no such blueprint \(404\): create it with npm run setup/);
});

test("a refused connection is tried a few times and no more", async () => {
  harness.bitbucket.setIntercept(() => "reset");
  expect((await run()).problems).toEqual([expect.stringMatching(/connection is cut/)]);
  expect(harness.bitbucket.calls.length).toBeLessThanOrEqual(4);
});
