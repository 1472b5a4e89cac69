import { afterEach, describe, expect, it } from "vitest";
import { createPace, type Pace } from "../../lib/http/pace.ts";
import { byIdentifier } from "../../lib/port/query.ts";
import { type SimulatedPort, startSimulatedPort } from "../support/port-client.ts";
import { failureOf, rejection } from "../support/rejection.ts";

const limits = (remaining: string | undefined, reset: string | undefined) =>
  new Headers({
    ...(remaining === undefined ? {} : { "x-ratelimit-remaining": remaining }),
    ...(reset === undefined ? {} : { "x-ratelimit-reset": reset }),
  });

const answer = { status: 200, headers: new Headers(), text: "", json: undefined };
/** Makes a call when the pace lets it. */
const turn = (pace: Pace, signal?: AbortSignal) => pace.around(async () => answer, signal);

describe("the pace", () => {
  const epochSeconds = 1_700_000_000;
  const now = () => epochSeconds * 1000;

  it.each([
    ["seconds", "30", 30_000],
    ["seconds, the longest that are taken for such", "10000", 10_000_000],
    ["epoch seconds", String(epochSeconds + 45), 45_000],
  ])("refuses calls while nothing remains, until a reset given as %s", async (_, reset, retryAfterMs) => {
    const pace = createPace("port", 1_000, now);
    pace.after(limits("0", reset), 200);
    expect(await failureOf(turn(pace))).toMatchObject({
      service: "port",
      status: 429,
      retryAfterMs,
    });
  });

  it.each<[string, Headers]>([
    ["no headers", limits(undefined, undefined)],
    ["something left", limits("1", "30")],
    ["no reset", limits("0", undefined)],
    ["a reset that is over", limits("0", "0")],
    ["a reset that is past", limits("0", String(epochSeconds - 5))],
    ["an unreadable reset", limits("0", "soon")],
    ["a reset alone", limits(undefined, "30")],
  ])("lets calls pass with %s", async (_, headers) => {
    const pace = createPace("port", 0, now);
    pace.after(headers, 200);
    await expect(turn(pace)).resolves.toBe(answer);
  });

  it("lets calls pass again once the reset has come", async () => {
    let time = 0;
    const pace = createPace("port", 1_000, () => time);
    pace.after(limits("0", "30"), 200);
    time = 28_999;
    expect(await failureOf(turn(pace))).toMatchObject({ retryAfterMs: 1_001 });
    time = 30_000;
    await expect(turn(pace)).resolves.toBe(answer);
  });

  it("waits for a reset that is near", async () => {
    const started = Date.now();
    const pace = createPace("port", 1_000);
    pace.after(limits("0", "0.05"), 200);
    await turn(pace);
    expect(Date.now()).toBeGreaterThanOrEqual(started + 50);
  });

  it.each<[string, string, string, number]>([
    ["the longer one, Retry-After", "60", "5", 60_000],
    ["the longer one, the reset", "5", "60", 60_000],
  ])("of a 429 with both hints takes %s", async (_, retryAfter, reset, retryAfterMs) => {
    const pace = createPace("port", 1_000, now);
    const headers = limits("0", reset);
    headers.set("retry-after", retryAfter);
    pace.after(headers, 429);
    expect(await failureOf(turn(pace))).toMatchObject({ retryAfterMs });
  });

  it("holds back all calls of a Bitbucket that answered 429 with Retry-After, and none after 503", async () => {
    const pace = createPace("bitbucket", 1_000, now);
    pace.after(new Headers({ "retry-after": "60" }), 503);
    await expect(turn(pace)).resolves.toBe(answer);
    pace.after(new Headers({ "retry-after": "60" }), 429);
    pace.after(new Headers({ "retry-after": "2" }), 429);
    const failure = { service: "bitbucket", status: 429, retryAfterMs: 60_000 };
    expect(await failureOf(turn(pace))).toMatchObject(failure);
  });

  it("stops waiting with the signal", async () => {
    const pace = createPace("port", 60_000);
    pace.after(limits("0", "50"), 200);
    expect(await rejection(turn(pace, AbortSignal.abort()))).toMatchObject({ name: "AbortError" });
  });
});

describe("a client of a Port whose limit is reached", () => {
  let simulated: SimulatedPort;
  afterEach(() => simulated.port.close());
  const find = () => simulated.client.search("bitbucketProject", byIdentifier(["A"]), []);
  // A window that no wait can fall into the end of, by a clock that stands still.
  const at = Date.now();

  it.each(["seconds", "epoch"] as const)("sends nothing more and says how long (%s)", async (resetAs) => {
    simulated = await startSimulatedPort({
      rateLimit: { requests: 3, windowSeconds: 300, resetAs },
      now: () => at,
    });
    await find();
    await find();
    const failure = await failureOf(find());
    expect(failure).toMatchObject({ status: 429, code: "rate_limit" });
    expect(failure.retryAfterMs).toBeGreaterThan(200_000);
    expect(failure.retryAfterMs).toBeLessThanOrEqual(301_000);
    expect(simulated.port.calls).toHaveLength(3);
  });

  it("obeys Retry-After", async () => {
    simulated = await startSimulatedPort();
    simulated.port.setIntercept(() => ({
      status: 429,
      headers: { "retry-after": "77" },
      body: { ok: false },
    }));
    expect(await failureOf(find())).toMatchObject({ status: 429, retryAfterMs: 77_000 });
    expect(simulated.port.calls).toHaveLength(1);
  });

  it("knows from a 429 without Retry-After how long to wait, also when it may not try again", async () => {
    simulated = await startSimulatedPort({}, { retries: 0 });
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "90" };
    simulated.port.setIntercept(() => ({
      status: 429,
      headers,
      body: { ok: false, error: "rate_limit_exceeded" },
    }));
    const { status, retryAfterMs } = await failureOf(find());
    expect(status).toBe(429);
    expect(retryAfterMs).toBeGreaterThan(80_000);
    expect(retryAfterMs).toBeLessThanOrEqual(90_000);
  });
});
