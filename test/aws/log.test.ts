import { afterEach, describe, expect, it, vi } from "vitest";
import { describeError, type Level, log } from "../../lib/aws/log.ts";
import { ConfigError, RequestError, UnprocessableError } from "../../lib/errors.ts";
import { linesOf } from "../support/output.ts";

afterEach(() => vi.unstubAllEnvs());

describe("a log line", () => {
  it("is one line of JSON with level, time, message and fields", () => {
    const [line, ...more] = linesOf(() => log("warn", "two\nlines", { ids: ["a"], n: 1, left: undefined }));
    expect(more).toEqual([]);
    expect(line).toEqual({
      level: "warn",
      time: expect.any(String),
      message: "two\nlines",
      ids: ["a"],
      n: 1,
    });
    expect(new Date(String(line?.["time"])).toISOString()).toBe(line?.["time"]);
  });

  it.each<[string | undefined, Level[]]>([
    [undefined, ["info", "warn", "error"]],
    ["debug", ["debug", "info", "warn", "error"]],
    ["warn", ["warn", "error"]],
    ["error", ["error"]],
    ["LOUD", ["info", "warn", "error"]],
  ])("is written from LOG_LEVEL %s on", (lowest, expected) => {
    vi.stubEnv("LOG_LEVEL", lowest);
    const levels: Level[] = ["debug", "info", "warn", "error"];
    const lines = linesOf(() => {
      for (const level of levels) log(level, "x");
    });
    expect(lines.map((line) => line["level"])).toEqual(expected);
  });
});

describe("an error in the log", () => {
  it("of our own keeps its message and its ids", () => {
    const failure = {
      service: "port",
      operation: "GET /x",
      status: 503,
      traceId: "t",
      retryAfterMs: 5,
    } as const;
    expect(describeError(new RequestError(failure))).toEqual({
      error: "RequestError",
      errorCode: undefined,
      detail: "port answered 503 to GET /x",
      ...failure,
    });
    expect(describeError(new UnprocessableError("mapping", "no identifier"))).toMatchObject({
      error: "UnprocessableError",
      detail: "no identifier",
    });
    expect(describeError(new ConfigError("Bad", ["A is not set"]))).toMatchObject({
      detail: "Bad:\n  - A is not set",
    });
  });

  it("of others keeps its kind and code only: a message may quote what it choked on", () => {
    const foreign = Object.assign(new TypeError("cannot read ann@example.org"), { code: "ERR_X" });
    expect(describeError(foreign)).toEqual({ error: "TypeError", errorCode: "ERR_X" });
    expect(JSON.stringify(describeError(new SyntaxError("ann@example.org")))).toBe('{"error":"SyntaxError"}');
    expect(describeError(Object.assign(new Error("x"), { code: 5 })).errorCode).toBeUndefined();
  });

  it.each(["reason", "failure", "faults"])("of others stays foreign when it has a field %s", (name) => {
    const foreign = Object.assign(new Error("about ann@example.org"), {
      [name]: { mail: "ann@example.org" },
    });
    expect(JSON.stringify(describeError(foreign))).not.toContain("ann@example.org");
  });

  it("that is no Error is named by its type", () => {
    expect(describeError("ann@example.org")).toEqual({ error: "string" });
    expect(describeError(undefined)).toEqual({ error: "undefined" });
  });
});
