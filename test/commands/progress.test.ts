import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { createProgress } from "../../lib/commands/progress.ts";

function start(isTTY: boolean) {
  const written: string[] = [];
  const write = (text: string | Uint8Array) => written.push(String(text)) > 0;
  return { written, progress: createProgress({ isTTY, write } as Parameters<typeof createProgress>[0]) };
}

test("on a terminal one line is redrawn, with what is done of what is known, and cleared at the end", async () => {
  const { written, progress } = start(true);
  progress.report("project", { known: 4 });
  progress.report("pull-request", { known: 10 });
  progress.wrote();
  await delay(110);
  progress.report("pull-request", { done: 5 });
  expect(written).toHaveLength(1);
  expect(written[0]).toMatch(/^\r/);
  expect(written[0]).not.toContain("\n");
  expect(written[0]).toMatch(/project 0\/4.*pull-request 5\/10; 1 written, \d+\/s, \d+ s left/);
  progress.end();
  expect(written.at(-1)).toMatch(/^\r.*2K$/);
});

test("elsewhere nothing is drawn over, and a short run says nothing at all", async () => {
  const { written, progress } = start(false);
  progress.report("user", { known: 1 });
  await delay(110);
  progress.report("user", { done: 1 });
  progress.end();
  expect(written).toEqual([]);
});

test("nothing done yet gives no time left, and never an impossible one", async () => {
  const { written, progress } = start(true);
  await delay(110);
  progress.report("user", { known: 3 });
  expect(written[0]).not.toMatch(/left|NaN|Infinity/);
});
