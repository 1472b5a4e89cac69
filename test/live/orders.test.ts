import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Fault } from "../../infra/local/simulators/http.ts";
import type { JsonObject } from "../../lib/json.ts";
import { syncEvents } from "../../lib/live/sync-events.ts";
import { createMemory } from "../../lib/sync/memory.ts";
import { type LiveHarness, startLive, understood } from "../support/live.ts";
import { event, pullRequest, repository, start } from "../support/payloads.ts";

const blueprints = ["bitbucketProject", "bitbucketUser", "bitbucketRepository", "bitbucketPullrequest"];
let live: LiveHarness;
beforeAll(async () => {
  live = await startLive({ maxWaitMs: 5 });
});
afterAll(async () => live.close());

/** A search through orders takes as long as it takes: ms. */
const patience = 180_000;

/** What happens to one pull request: edits, each at its own time or version, then maybe a merge or its deletion. */
const history = fc.record({
  edits: fc.array(fc.record({ later: fc.nat({ max: 2_500 }), title: fc.string({ maxLength: 8 }) }), {
    maxLength: 4,
  }),
  end: fc.constantFrom("open", "merged", "deleted"),
  slug: fc.constantFrom("app", "lib"),
});
const world = fc.record({
  pullRequests: fc.array(history, { minLength: 1, maxLength: 3 }),
  renames: fc.array(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 3 }),
});

interface World {
  readonly pullRequests: readonly {
    readonly edits: readonly { readonly later: number; readonly title: string }[];
    readonly end: string;
    readonly slug: string;
  }[];
  readonly renames: readonly string[];
}

/** The events of a world, in the order in which they happened. */
function eventsOf({ pullRequests, renames }: World): JsonObject[] {
  const all: { readonly at: number; readonly payload: JsonObject }[] = [];
  const tell = (at: number, key: string, body: JsonObject) => all.push({ at, payload: event(key, body, at) });
  for (const [index, { edits, end, slug }] of pullRequests.entries()) {
    const repo = repository("PRJ", slug);
    let state: JsonObject = pullRequest(index + 1, {}, repo);
    let at = start;
    tell(at, "pr:opened", { pullRequest: state });
    for (const [step, { later, title }] of edits.entries()) {
      at += later;
      state = { ...state, title: `t${title}`, version: step + 1, updatedDate: at };
      tell(at, "pr:modified", { pullRequest: state });
    }
    at += 1;
    if (end === "merged")
      tell(at, "pr:merged", { pullRequest: { ...state, state: "MERGED", updatedDate: at } });
    if (end === "deleted") tell(at, "pr:deleted", { pullRequest: state });
  }
  for (const [index, name] of renames.entries()) {
    // Dates of events have whole seconds; nothing but they can order two changes of a repository.
    const repo = repository("PRJ", "app", { name: `n${name}` });
    tell(start + 10_000 + index * 1_000, "repo:modified", { old: repo, new: repo });
  }
  return all.toSorted((a, b) => a.at - b.at).map(({ payload }) => payload);
}

/**
 * The catalog after the events went through in batches; what has to be tried again is put behind the rest.
 * @param forgetful every batch is worked on by another process
 */
async function catalogAfter(
  payloads: readonly JsonObject[],
  batchSize: number,
  faults: Fault[] = [],
  forgetful = false,
): Promise<unknown> {
  live.simulator.reset();
  live.simulator.setIntercept((call) =>
    call.path.endsWith("/auth/access_token") ? undefined : faults.shift(),
  );
  let context = { ...live.context, memory: createMemory() };
  const queue = payloads.map((payload) => ({
    deliveryId: "d",
    acceptedAt: Date.now(),
    deliveries: 1,
    event: understood(payload),
  }));
  for (let left = 500; queue.length > 0 && left > 0; left--) {
    const batch = queue.splice(0, batchSize);
    if (forgetful) context = { ...context, memory: createMemory() };
    const { outcomes } = await syncEvents(batch, context);
    queue.push(...batch.filter((_, index) => outcomes[index]?.type === "retry"));
    expect(outcomes.filter((outcome) => outcome.type === "dead")).toEqual([]);
  }
  expect(queue).toEqual([]);
  return blueprints.flatMap((blueprint) =>
    live.simulator
      .entities(blueprint)
      .map(({ identifier, title, properties, relations }) => ({
        blueprint,
        identifier,
        title,
        properties,
        relations,
      }))
      .toSorted((a, b) => a.identifier.localeCompare(b.identifier)),
  );
}

const fault = fc.constantFrom<Fault>("reset", "apply-then-reset", { status: 502 }, { status: 429 });

/** After each 429 a client rests for a second and more: one tells as much as several. */
function withOneLimit<One extends Fault | undefined>(faults: readonly One[]): One[] {
  const isLimit = (it: One) => typeof it === "object" && it.status === 429;
  const first = faults.findIndex(isLimit);
  return faults.filter((it, index) => !isLimit(it) || index === first);
}

test("shuffled, doubled and with failures in between, events give the catalog that they give in order", {
  timeout: patience,
}, async () => {
  const shuffled = world.chain((it) => {
    const events = eventsOf(it);
    return fc.record({
      inOrder: fc.constant(events),
      outOfOrder: fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
      batchSize: fc.integer({ min: 1, max: 10 }),
      faults: fc.array(fc.option(fault, { nil: undefined }), { maxLength: 12 }).map(withOneLimit),
    });
  });
  await fc.assert(
    fc.asyncProperty(shuffled, async ({ inOrder, outOfOrder, batchSize, faults }) => {
      const expected = await catalogAfter(inOrder, 1);
      expect(await catalogAfter(outOfOrder, batchSize, faults as Fault[])).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

test("pull requests end the same when every batch is worked on by a process without memory", {
  timeout: patience,
}, async () => {
  const withoutDeletions = history.map((it) => ({
    ...it,
    end: it.end === "deleted" ? "merged" : it.end,
    edits: it.edits.map((edit) => ({ ...edit, later: edit.later + 1 })),
  }));
  const shuffled = fc.array(withoutDeletions, { minLength: 1, maxLength: 3 }).chain((pullRequests) => {
    const events = eventsOf({ pullRequests, renames: [] });
    return fc.record({
      inOrder: fc.constant(events),
      outOfOrder: fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
      batchSize: fc.integer({ min: 1, max: 4 }),
    });
  });
  await fc.assert(
    fc.asyncProperty(shuffled, async ({ inOrder, outOfOrder, batchSize }) => {
      const expected = await catalogAfter(inOrder, 1);
      expect(await catalogAfter(outOfOrder, batchSize, [], true)).toEqual(expected);
    }),
    { numRuns: 20 },
  );
});
