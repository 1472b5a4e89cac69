import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Stop, stopOnInterrupt } from "../../lib/commands/stop.ts";

let stop: Stop;
let told = "";

beforeEach(() => {
  told = "";
  vi.useFakeTimers({ toFake: ["performance"] });
  vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    told += String(chunk);
    return true;
  });
  stop = stopOnInterrupt();
});
afterEach(() => {
  stop.end();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const aborted = () => [stop.asked.aborted, stop.calls.aborted];

test.each(["SIGINT", "SIGTERM"] as const)("the first %s asks for the end and gives up no call", (signal) => {
  expect(aborted()).toEqual([false, false]);
  process.emit(signal);
  expect(aborted()).toEqual([true, false]);
  expect(told).toBe("\nstopping; once more to give up what is under way\n");
});

test("one Ctrl-C that comes twice is one", () => {
  process.emit("SIGINT");
  vi.advanceTimersByTime(500);
  process.emit("SIGINT");
  expect(aborted()).toEqual([true, false]);
});

test("the second Ctrl-C gives up what is under way, and says nothing more", () => {
  process.emit("SIGINT");
  vi.advanceTimersByTime(501);
  process.emit("SIGINT");
  expect(aborted()).toEqual([true, true]);
  expect(told.match(/stopping/g)).toHaveLength(1);
});

test("after the end signals have their usual meaning again", () => {
  const before = process.listenerCount("SIGINT") + process.listenerCount("SIGTERM");
  stop.end();
  expect(process.listenerCount("SIGINT") + process.listenerCount("SIGTERM")).toBe(before - 2);
});
