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

test.each<[string, object, RegExp]>([
  [
    "maintenance",
    { status: 503, headers: { "retry-after": "6" }, body: "<html>Back soon</html>" },
    /^Bitbucket answers 503 and asks for 6 s: it is in maintenance or not well.*try again later\. Tried: GET projects/,
  ],
  [
    "a rate limit",
    { status: 429, headers: { "retry-after": "6" }, body: "" },
    /^Bitbucket limits the rate of calls and asks for 6 s: try again later\. Tried: GET projects/,
  ],
])("%s is told at once and waited for: it is no wrong setting", async (_, fault, words) => {
  await harness.close();
  harness = await startBackfill({ maxWaitMs: 10_000 });
  let refused = 0;
  harness.bitbucket.setIntercept((call) =>
    listsProjects(call) && told.length === 0 && ++refused > 0 ? (fault as never) : undefined,
  );
  expect((await run()).problems).toEqual([]);
  expect(told).toEqual([expect.stringMatching(words)]);
  expect(refused).toBe(1);
});

test("Port's rate limit at the log-in is told, and waited for", async () => {
  const limited = { status: 429, headers: { "retry-after": "6" }, body: { ok: false } };
  await harness.close();
  harness = await startBackfill({ maxWaitMs: 10_000 });
  harness.live.simulator.setIntercept(({ path }) =>
    path.endsWith("/access_token") && told.length === 0 ? limited : undefined,
  );
  expect((await run()).problems).toEqual([]);
  expect(told).toEqual([expect.stringMatching(/^Port limits the rate of calls.*PORT_API_URL/)]);
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
