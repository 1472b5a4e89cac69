import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import type { Call, Fault } from "../../infra/local/simulators/http.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";
import {
  type Ended,
  lastLine,
  type Running,
  settingsFor,
  stackTrace,
  startCommand,
} from "../support/command.ts";

let harness: BackfillHarness;
let running: Running | undefined;
afterEach(async () => {
  running?.process.kill("SIGKILL");
  await running?.ended;
  await harness.close();
});

/** Starts a backfill; resolves when a call that fits has come in. */
async function startUntil(
  fits: (call: Call) => boolean,
  fault?: Fault,
  side: "bitbucket" | "port" = "bitbucket",
) {
  harness = await startBackfill({
    bitbucket: {
      data: demoData({ projects: 2, repositoriesPerProject: 3, pullRequestsPerRepository: 1_000, users: 8 }),
      pageCap: 5,
      delayMs: 25,
    },
  });
  const { simulator } = harness.live;
  const seen = new Promise<void>((resolve) => {
    const look = (call: Call) => {
      if (!fits(call)) return undefined;
      resolve();
      return fault;
    };
    if (side === "port") simulator.setIntercept(look);
    else harness.bitbucket.setIntercept(look);
  });
  const env = settingsFor(harness.bitbucket, simulator);
  running = startCommand("backfill", ["--json", "--state", "ALL"], { env });
  await seen;
  return running;
}

/** How it ended, or undefined when it goes on for longer than an operator waits. */
async function endedSoon({ ended }: Running, ms = 3_000): Promise<Ended | undefined> {
  return Promise.race([ended, delay(ms, undefined, { ref: false })]);
}

function expectSummary(ended: Ended | undefined): void {
  expect(ended).toBeDefined();
  expect(ended?.code).toBeGreaterThan(0);
  expect(ended?.stdout).toMatch(/pull-request +\d+/);
  expect(ended?.stdout).toContain("stopped before the end");
  expect(ended === undefined ? undefined : lastLine(ended)).toMatchObject({ ok: false });
  expect(`${ended?.stdout}${ended?.stderr}`).not.toMatch(stackTrace);
}

const listsPullRequests = ({ path }: Call) => path.endsWith("/pull-requests");

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s in the middle of the listings ends it soon, with a summary",
  async (signal) => {
    const command = await startUntil(listsPullRequests);
    command.process.kill(signal);
    const ended = await endedSoon(command);
    expectSummary(ended);
    expect(ended?.stderr).toContain("stopping");
  },
);

test("Ctrl-C in the middle of one long listing does not wait for the rest of it", async () => {
  const command = await startUntil(({ query }) => query["start"] === "10");
  const asked = () => harness.bitbucket.calls.filter(listsPullRequests).length;
  command.process.kill("SIGINT");
  expectSummary(await endedSoon(command));
  expect(asked()).toBeLessThan(40);
});

test("what was not read to its end does not count as failed, and nothing is deleted", async () => {
  const command = await startUntil(listsPullRequests);
  command.process.kill("SIGINT");
  const ended = await command.ended;
  const { kinds, problems } = lastLine(ended) as { kinds: Record<string, object>; problems: string[] };
  for (const counts of Object.values(kinds))
    expect(counts).toMatchObject({ failed: 0, deleted: 0, withheld: 0 });
  expect(problems).toEqual(["stopped before the end"]);
});

test("Ctrl-C ends a wait for Bitbucket's rate limit", async () => {
  const limited = { status: 429, headers: { "retry-after": "120" }, body: { errors: [] } };
  const command = await startUntil(listsPullRequests, limited);
  command.process.kill("SIGINT");
  expectSummary(await endedSoon(command));
});

test("Ctrl-C ends a wait for Port's rate limit", async () => {
  const limited = { status: 429, headers: { "retry-after": "120" }, body: {} };
  const command = await startUntil(({ path }) => path.endsWith("/bulk"), limited, "port");
  command.process.kill("SIGINT");
  expectSummary(await endedSoon(command));
});

test("a Ctrl-C that comes twice, as by way of npm, is one", async () => {
  const command = await startUntil(listsPullRequests);
  command.process.kill("SIGINT");
  const { stderr } = command.process;
  if (stderr !== null) await once(stderr, "data");
  command.process.kill("SIGINT");
  expectSummary(await endedSoon(command));
});

test("a second Ctrl-C gives up a call that does not come back", async () => {
  harness = await startBackfill();
  const asked = new Promise<void>((resolve) => {
    harness.bitbucket.setIntercept(({ path }) => {
      if (!path.endsWith("/repos")) return undefined;
      resolve();
      return new Promise(() => {});
    });
  });
  running = startCommand("backfill", ["--json"], {
    env: settingsFor(harness.bitbucket, harness.live.simulator),
  });
  await asked;
  running.process.kill("SIGINT");
  expect(await endedSoon(running, 700)).toBeUndefined();
  running.process.kill("SIGINT");
  expectSummary(await endedSoon(running));
});

test("progress goes to stderr, so that stdout holds the summary only", async () => {
  harness = await startBackfill({ bitbucket: { data: demoData({ projects: 1 }) } });
  running = startCommand("backfill", ["--json"], {
    env: settingsFor(harness.bitbucket, harness.live.simulator),
  });
  const { stdout, code } = await running.ended;
  expect(code).toBe(0);
  const all = stdout.trimEnd().split("\n");
  const lines = all.filter((line) => !line.startsWith("i "));
  expect(all.length - lines.length).toBe(1);
  expect(lines).toHaveLength(7);
  expect(lines.filter((line) => line.startsWith("{"))).toEqual([lines.at(-1)]);
});
