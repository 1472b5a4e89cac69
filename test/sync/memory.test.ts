import { expect, test, vi } from "vitest";
import { rememberGone } from "../../lib/sync/delete.ts";
import { createMemory } from "../../lib/sync/memory.ts";

const version = { order: 0 };
const all = ["a", "b", "c"];

test("what was remembered first goes first", () => {
  const memory = createMemory({ limit: 2 });
  for (const key of all) {
    memory.found(key);
    memory.remember(key, { version });
  }
  expect(all.map(memory.exists)).toEqual([false, true, true]);
  expect(all.map((key) => memory.recall(key) !== undefined)).toEqual([false, true, true]);
});

test("what was asked for or found again stays longer", () => {
  for (const again of ["exists", "found"] as const) {
    const memory = createMemory({ limit: 2 });
    for (const key of ["a", "b"]) memory.found(key);
    memory[again]("a");
    memory.found("c");
    expect(all.map(memory.exists)).toEqual([true, false, true]);
  }
  const memory = createMemory({ limit: 2 });
  for (const key of ["a", "b"]) memory.remember(key, { version });
  memory.recall("a");
  memory.remember("c", { version });
  expect(all.map((key) => memory.recall(key) !== undefined)).toEqual([true, false, true]);
});

test("the latest that is remembered of an entity counts", () => {
  const memory = createMemory();
  memory.remember("a", { version: { order: 1 } });
  memory.remember("a", { version: { order: 2 } });
  expect(memory.recall("a")).toEqual({ version: { order: 2 } });
});

test("after its time nothing is remembered any more, however often it was asked for", () => {
  let now = 1_000;
  const memory = createMemory({ maxAgeMs: 600, now: () => now });
  memory.found("a");
  memory.remember("a", { version });
  now = 1_599;
  expect(memory.exists("a")).toBe(true);
  expect(memory.recall("a")).toEqual({ version });
  now = 1_600;
  expect(memory.exists("a")).toBe(false);
  expect(memory.recall("a")).toBeUndefined();
});

test("what was found or written again is remembered from then on", () => {
  let now = 0;
  const memory = createMemory({ maxAgeMs: 600, now: () => now });
  for (now of [0, 500]) {
    memory.found("a");
    memory.remember("a", { version });
  }
  now = 1_099;
  expect(memory.exists("a")).toBe(true);
  expect(memory.recall("a")).toEqual({ version });
});

test("unless told otherwise, things are remembered for ten minutes by the clock", () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 0 });
  const memory = createMemory();
  memory.found("a");
  vi.setSystemTime(10 * 60_000 - 1);
  expect(memory.exists("a")).toBe(true);
  vi.setSystemTime(10 * 60_000);
  expect(memory.exists("a")).toBe(false);
  vi.useRealTimers();
});

test("what was deleted is not thought to be there any more, and when it went is remembered", () => {
  const memory = createMemory();
  memory.found("a");
  rememberGone("a", { date: 5, createdDate: 3 }, memory);
  expect(memory.exists("a")).toBe(false);
  expect(memory.recall("a")).toEqual({ version: { date: 5, order: -1 }, gone: { createdDate: 3 } });
});
