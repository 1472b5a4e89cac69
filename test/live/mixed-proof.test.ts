import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import type { JsonObject } from "../../lib/json.ts";
import { syncEvents } from "../../lib/live/sync-events.ts";
import { createMemory } from "../../lib/sync/memory.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";
import { understood } from "../support/live.ts";

// Two events of one pull request in a batch: one happened just now, the other so long ago that later ones may be lost.

const place = ["MOPP", "data-analyses", 1] as const;
const path = "/rest/api/1.0/projects/MOPP/repos/data-analyses/pull-requests/1";
const orders = [["the late one first"], ["the late one last"]] as const;
const minute = 60_000;

let harness: BackfillHarness;
beforeEach(async () => {
  const sizes = { projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 1, users: 3 };
  harness = await startBackfill({ bitbucket: { data: demoData(sizes) } });
  expect((await harness.run()).problems).toEqual([]);
  harness.bitbucket.calls.length = 0;
});
afterEach(() => harness.close());

const entity = () => harness.live.simulator.entity("bitbucketPullrequest", "MOPP/data-analyses/1");
const edit = (title: string) =>
  harness.bitbucket.updatePullRequest([...place], { title }) as unknown as JsonObject;
const aged = (payload: JsonObject, date: number): JsonObject => ({
  ...payload,
  date: new Date(date).toISOString().replace(/\.\d+Z$/, "+0000"),
});

/** An event of an hour ago with the older state, and one of now with the newer. */
function lateAndFresh() {
  const late = aged(edit("Older"), Date.now() - 60 * minute);
  return { late, fresh: aged(edit("Newer"), Date.now()) };
}
/** The other way round: the newest state that was heard of is the late event's. */
function freshAndLate() {
  const fresh = aged(edit("Older"), Date.now());
  return { late: aged(edit("Newer"), Date.now() - 60 * minute), fresh };
}

function sync(order: string, { late, fresh }: { late: JsonObject; fresh: JsonObject }) {
  const { bitbucket } = harness.context();
  const payloads = order === "the late one first" ? [late, fresh] : [fresh, late];
  const events = payloads.map((payload, index) => ({
    deliveryId: `delivery-${index}`,
    acceptedAt: Date.now(),
    deliveries: 1,
    event: understood(payload),
  }));
  return syncEvents(events, { ...harness.live.context, memory: createMemory(), bitbucket });
}

test.each(orders)("what a fresh event proves needs no question, whatever came with it: %s", async (order) => {
  const { outcomes } = await sync(order, lateAndFresh());
  expect(outcomes).toEqual([{ type: "done" }, { type: "done" }]);
  expect(entity()?.title).toBe("Newer");
  expect(harness.bitbucket.calls).toEqual([]);
});

test.each(orders)("where the newest state is a late event's, Bitbucket is asked, once: %s", async (order) => {
  const events = freshAndLate();
  edit("What Bitbucket has");
  const { outcomes } = await sync(order, events);
  expect(outcomes).toEqual([{ type: "done" }, { type: "done" }]);
  expect(entity()?.title).toBe("What Bitbucket has");
  expect(harness.bitbucket.calls.map((call) => call.path)).toEqual([path]);
});

test.each(orders)(
  "when Bitbucket says that it is gone, both are done and nothing is written: %s",
  async (order) => {
    const before = entity()?.title;
    const events = freshAndLate();
    harness.bitbucket.deletePullRequest([...place]);
    expect((await sync(order, events)).outcomes).toEqual([{ type: "done" }, { type: "done" }]);
    expect(entity()?.title).toBe(before);
  },
);

test.each(orders)("when Bitbucket is away both wait: %s", async (order) => {
  const before = entity()?.title;
  const events = freshAndLate();
  harness.bitbucket.setIntercept(() => ({ status: 404, body: "<html>a proxy</html>" }));
  expect((await sync(order, events)).outcomes).toMatchObject([{ type: "retry" }, { type: "retry" }]);
  expect(entity()?.title).toBe(before);
});

test.each(orders)(
  "where Bitbucket does not let us look, the newest that was heard counts: %s",
  async (order) => {
    const events = freshAndLate();
    harness.bitbucket.setIntercept(() => ({ status: 403, body: { errors: [] } }));
    expect((await sync(order, events)).outcomes).toEqual([{ type: "done" }, { type: "done" }]);
    expect(entity()?.title).toBe("Newer");
  },
);
