import { expect, test } from "vitest";
import type { Outcome } from "../../lib/sync/outcomes.ts";
import { inPasses, type Pass } from "../../lib/sync/passes.ts";
import { failed } from "../support/memory-clients.ts";

/** What was tried in each pass, and whether relations' targets were to be made. */
async function passes(size: number, work: (pass: Pass, index: number) => boolean | Promise<boolean>) {
  const seen: { pending: readonly number[]; createMissing: boolean }[] = [];
  const outcomes = await inPasses(size, async (pass) => {
    seen.push({ pending: pass.pending, createMissing: pass.createMissing });
    return work(pass, seen.length - 1);
  });
  return { outcomes, seen };
}

const done: Outcome = { type: "done" };
const refused = { permanent: true, reason: "422" };

test("what is settled is not tried again", async () => {
  const { outcomes, seen } = await passes(2, ({ collector }) => {
    collector.fail([1], refused);
    return false;
  });
  expect(outcomes).toEqual([done, { type: "dead", reason: "422" }]);
  expect(seen).toEqual([{ pending: [0, 1], createMissing: false }]);
});

test("what lost to a state that was refused is tried alone in another pass", async () => {
  const { outcomes, seen } = await passes(3, ({ collector, pending }) => {
    if (pending.includes(2)) {
      collector.fail([2], refused);
      collector.again([0]);
    }
    return false;
  });
  expect(outcomes).toEqual([done, done, { type: "dead", reason: "422" }]);
  expect(seen.map(({ pending }) => pending)).toEqual([[0, 1, 2], [0]]);
});

test("once a target was missing, all further passes make what relations lack", async () => {
  const { seen } = await passes(2, ({ collector, pending }, index) => {
    if (index < 2) collector.again(pending);
    return index === 0;
  });
  expect(seen.map(({ createMissing }) => createMissing)).toEqual([false, true, true]);
});

test("as many passes as there are messages, and one for what was missing, are enough to settle each", async () => {
  const { outcomes, seen } = await passes(2, ({ collector, pending }, index) => {
    if (index < 2) collector.again(pending);
    return false;
  });
  expect(seen).toHaveLength(3);
  expect(outcomes).toEqual([done, done]);
});

test("what never settles comes again later instead of going round for ever", async () => {
  const { outcomes, seen } = await passes(2, ({ collector, pending }) => {
    collector.again(pending.filter((index) => index === 1));
    return false;
  });
  expect(seen).toHaveLength(3);
  expect(outcomes).toEqual([done, { type: "retry", reason: "unsettled" }]);
});

test("an error costs what is not settled yet, with its reason, and nothing else", async () => {
  const { outcomes, seen } = await passes(2, ({ collector }, index) => {
    if (index === 1) throw failed("port", { status: 503, code: "down" });
    collector.again([1]);
    return false;
  });
  expect(seen).toHaveLength(2);
  expect(outcomes).toEqual([done, { type: "retry", reason: "port 503 down" }]);
});

test("nothing is tried where there is nothing", async () => {
  expect(await passes(0, () => false)).toEqual({ outcomes: [], seen: [] });
});
