import { expect, test } from "vitest";
import type { RepositoryAddress } from "../../lib/bitbucket/address.ts";
import type { Whereabouts } from "../../lib/bitbucket/whereabouts.ts";
import { RequestError } from "../../lib/errors.ts";
import type { LiveContext, LiveEvent } from "../../lib/live/context.ts";
import { syncPushes } from "../../lib/live/definition-pushes.ts";
import type { Outcome } from "../../lib/sync/outcomes.ts";

const address: RepositoryAddress = { kind: "repository", key: "PRJ", slug: "app" };
const branches = [{ id: "refs/heads/main", from: "old" }];
const done: Outcome = { type: "done" };
const pushed = { type: "see", address, object: { id: 7 }, branches };
const event = (change: object, key = "repo:refs_changed") =>
  ({ event: { key, change } }) as unknown as LiveEvent;
const failure = (fields: object) =>
  new RequestError({ service: "bitbucket", operation: "GET it", ...fields });

/** What files were told of events, and what became of them. */
async function sync(
  events: readonly LiveEvent[],
  {
    found,
    fails,
    outcomes = events.map(() => done),
  }: {
    found?: Whereabouts;
    fails?: unknown;
    outcomes?: readonly Outcome[];
  } = {},
) {
  const told: unknown[] = [];
  const tell = async (...words: unknown[]) => {
    told.push(...words);
    if (fails !== undefined) throw fails;
  };
  const context = {
    definitionPushes: { pushed: tell, moved: tell },
    bitbucket: found && { find: async () => found },
  } as unknown as LiveContext;
  return { told, outcomes: await syncPushes(events, outcomes, context) };
}

test.each<[string, object, string | undefined, unknown[]]>([
  ["a push", pushed, undefined, [{ address, object: { id: 7 }, branches }]],
  [
    "a synchronization that does not say of what",
    { ...pushed, branches: undefined },
    "mirror:repo_synchronized",
    [{ address, object: { id: 7 }, branches: undefined }],
  ],
  ["a push of tags only", { ...pushed, branches: [] }, undefined, []],
  ["what is no push", pushed, "repo:forked", []],
  ["a push to a project", { ...pushed, address: { kind: "project", key: "PRJ" } }, undefined, []],
  [
    "a rename",
    { type: "modify", address, old: { ...address, slug: "was" }, object: { id: 7 } },
    "repo:modified",
    [address, { id: 7 }],
  ],
  ["a change of no name", { type: "modify", address, old: address, object: { id: 7 } }, "repo:modified", []],
])("of %s files are told what concerns them", async (_, change, key, told) => {
  expect(await sync([event(change, key)])).toEqual({ told, outcomes: [done] });
});

test("an event that comes again or is a dead letter does not concern files yet", async () => {
  const outcomes: Outcome[] = [{ type: "retry", reason: "away" }, { type: "dead", reason: "bad" }, done];
  const result = await sync([event(pushed), event(pushed), event(pushed)], { outcomes });
  expect([result.told.length, result.outcomes]).toEqual([1, outcomes]);
});

const large = event({ ...pushed, object: undefined });

test("an event that was too large for the queue is told with what Bitbucket shows", async () => {
  const found: Whereabouts = { is: "here", object: { id: 8 }, at: undefined };
  expect((await sync([large], { found })).told).toEqual([{ address, object: { id: 8 }, branches }]);
});

test.each<[string, Whereabouts | undefined, Outcome["type"]]>([
  ["gone", { is: "gone", what: "repository" }, "done"],
  ["elsewhere", { is: "elsewhere", address: undefined }, "done"],
  [
    "hidden from us",
    { is: "unknown", error: failure({ status: 401, code: "AuthorisationException" }) },
    "done",
  ],
  ["not to be had now", { is: "unknown", error: failure({ status: 503 }) }, "retry"],
  ["nowhere, without a Bitbucket to ask", undefined, "done"],
])("one whose repository is %s is told to nobody", async (_, found, type) => {
  const { told, outcomes } = await sync([large], found && { found });
  expect([told, outcomes.map((outcome) => outcome.type)]).toEqual([[], [type]]);
});

test.each([
  [failure({ status: 503, code: "away", retryAfterMs: 9_000 }), 9_000],
  [failure({ status: 503, code: "away" }), undefined],
])(
  "an event that files could not follow comes again, when Bitbucket says, and costs no other one",
  async (fails, retryAfterMs) => {
    const { told, outcomes } = await sync([event(pushed), event(pushed)], { fails });
    expect(told).toHaveLength(2);
    const again = {
      type: "retry",
      reason: expect.stringContaining("away"),
      ...(retryAfterMs && { retryAfterMs }),
    };
    expect(outcomes).toEqual([again, again]);
  },
);

test("where no files are looked for, events stay as they are", async () => {
  const outcomes = [done];
  expect(
    await syncPushes([event(pushed)], outcomes, { definitionPushes: undefined, bitbucket: undefined }),
  ).toBe(outcomes);
});
