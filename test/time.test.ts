import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { epochMs, fullJitter, wait, waitFor } from "../lib/time.ts";
import { rejection } from "./support/rejection.ts";

describe("a date", () => {
  it.each<[unknown, number]>([
    [1_700_132_280_533, 1_700_132_280_533],
    [0, 0],
    ["2019-03-08T18:20:26+0530", Date.UTC(2019, 2, 8, 12, 50, 26)],
    ["2023-11-16T11:03:42+0000", Date.UTC(2023, 10, 16, 11, 3, 42)],
    ["2023-11-16T11:03:42-0330", Date.UTC(2023, 10, 16, 14, 33, 42)],
    ["2023-11-16T11:03:42+01:00", Date.UTC(2023, 10, 16, 10, 3, 42)],
    ["2023-11-16T11:03:42Z", Date.UTC(2023, 10, 16, 11, 3, 42)],
    ["2023-11-16T11:03:42.026Z", Date.UTC(2023, 10, 16, 11, 3, 42, 26)],
    ["2023-11-16T11:03:42.026123456Z", Date.UTC(2023, 10, 16, 11, 3, 42, 26)],
    ["2023-11-16T11:03:42.026+0100", Date.UTC(2023, 10, 16, 10, 3, 42, 26)],
    ["2023-11-16T11:03Z", Date.UTC(2023, 10, 16, 11, 3)],
    ["2023-11-16", Date.UTC(2023, 10, 16)],
  ])("%o is understood", (value, expected) => {
    expect(epochMs(value)).toBe(expected);
  });

  it.each<[unknown]>([
    [undefined],
    [null],
    [true],
    [""],
    ["yesterday"],
    ["1700132280533"],
    ["2023-13-45T00:00:00Z"],
    ["Wed, 01 May 2024 10:00:30 GMT"],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [{}],
    [[2023, 11, 16]],
  ])("%o is none", (value) => {
    expect(epochMs(value)).toBeUndefined();
  });

  const ms = fc.integer({ min: 0, max: Date.UTC(2100, 0) });

  it("is the same in every form that Bitbucket sends", () => {
    fc.assert(
      fc.property(ms, (time) => {
        const iso = new Date(time).toISOString();
        expect([epochMs(time), epochMs(iso), epochMs(iso.replace("Z", "+0000"))]).toEqual([time, time, time]);
      }),
    );
  });

  it("moves by its offset, with or without a colon", () => {
    const offset = fc.record({
      sign: fc.constantFrom("+", "-"),
      hours: fc.integer({ min: 0, max: 14 }),
      minutes: fc.constantFrom(0, 30, 45),
    });
    fc.assert(
      fc.property(ms, offset, (time, { sign, hours, minutes }) => {
        const local = new Date(time).toISOString().replace("Z", "");
        const [hh, mm] = [hours, minutes].map((part) => String(part).padStart(2, "0"));
        const shift = (sign === "+" ? -1 : 1) * (hours * 60 + minutes) * 60_000;
        expect(epochMs(`${local}${sign}${hh}${mm}`)).toBe(time + shift);
        expect(epochMs(`${local}${sign}${hh}:${mm}`)).toBe(time + shift);
      }),
    );
  });

  it("is never a wrong kind of value, whatever comes in", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const result = epochMs(value);
        expect(result === undefined || Number.isFinite(result)).toBe(true);
      }),
    );
  });
});

describe("a wait", () => {
  it("with jitter lies between nothing and the doubled base, up to the cap", () => {
    fc.assert(
      fc.property(fc.nat(2_000), fc.integer({ min: 1, max: 1_000 }), (attempt, base) => {
        const pause = fullJitter(attempt, base, 10_000);
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThanOrEqual(Math.min(10_000, base * 2 ** attempt));
      }),
    );
  });

  it("ends by itself", async () => {
    await expect(wait(1)).resolves.toBeUndefined();
    await expect(wait(1, new AbortController().signal)).resolves.toBeUndefined();
  });

  it("ends with its signal", async () => {
    const aborter = new AbortController();
    const waiting = wait(60_000, aborter.signal);
    aborter.abort();
    expect(await rejection(waiting)).toMatchObject({ name: "AbortError" });
    expect(await rejection(wait(60_000, AbortSignal.abort()))).toMatchObject({ name: "AbortError" });
  });
});

describe("waiting for a promise", () => {
  it("gives its value or its error, with a signal or without", async () => {
    const { signal } = new AbortController();
    expect(await waitFor(Promise.resolve(1))).toBe(1);
    expect(await waitFor(Promise.resolve(1), signal)).toBe(1);
    expect(await rejection(waitFor(Promise.reject(new Error("no")), signal))).toMatchObject({
      message: "no",
    });
  });

  it("ends with the signal, also with one that has aborted before", async () => {
    const aborter = new AbortController();
    const waiting = rejection(waitFor(new Promise(() => {}), aborter.signal));
    aborter.abort();
    expect(await waiting).toMatchObject({ name: "AbortError" });
    const late = waitFor(new Promise(() => {}), aborter.signal);
    expect(await rejection(late)).toMatchObject({ name: "AbortError" });
  });
});
