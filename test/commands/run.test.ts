import { parseArgs } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runCommand, UsageError } from "../../lib/commands/run.ts";

const usage = "usage: npm run something -- [--dry-run]";
const argv = process.argv;
let out = "";
let err = "";

beforeEach(() => {
  [out, err] = ["", ""];
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    out += String(chunk);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    err += String(chunk);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.argv = argv;
  process.exitCode = undefined;
});

/** Runs a command line, and gives the exit code that the process would end with. */
async function run(args: string[], main: (args: string[]) => Promise<number>): Promise<unknown> {
  process.argv = ["node", "command", ...args];
  process.exitCode = undefined;
  await runCommand(usage, main);
  const code = process.exitCode;
  process.exitCode = undefined;
  return code;
}
const failing = (error: unknown) => () => Promise.reject(error);

test("the process exits with what the command returns, which gets the arguments", async () => {
  const seen: string[][] = [];
  const code = await run(["--a", "b"], async (args) => {
    seen.push(args);
    return 3;
  });
  expect([code, seen, out, err]).toEqual([3, [["--a", "b"]], "", ""]);
});

test.each(["--help", "-h"])("%s prints the usage and does nothing", async (flag) => {
  const code = await run(["--dry-run", flag], failing(new Error("it ran")));
  expect([code, out, err]).toEqual([undefined, `${usage}\n`, ""]);
});

test("a wrong call is told with the usage, and exits with 2", async () => {
  const code = await run([], failing(new UsageError("--limit has to be a number")));
  expect([code, err]).toEqual([2, `--limit has to be a number\n\n${usage}\n`]);
});

test("an option that nobody knows is a wrong call", async () => {
  const code = await run(["--what"], async (args) => {
    parseArgs({ args, options: {} });
    return 0;
  });
  expect(code).toBe(2);
  expect(err).toMatch(/'--what'/);
  expect(err).toContain(usage);
});

test.each<[string, unknown, string]>([
  ["an error", new Error("Port is away"), "Port is away\n"],
  ["an error with a code of its own", Object.assign(new Error("no file"), { code: "ENOENT" }), "no file\n"],
  ["what is no error", "just words", "just words\n"],
  ["a cause", new Error("failed", { cause: new Error("no route") }), "failed: no route\n"],
  ["a cause that is no error", new Error("failed", { cause: "words" }), "failed\n"],
  [
    "a cause with nothing but a code",
    new TypeError("fetch failed", { cause: Object.assign(new AggregateError([]), { code: "ECONNREFUSED" }) }),
    "fetch failed: ECONNREFUSED\n",
  ],
  ["a cause with nothing at all", new Error("failed", { cause: new RangeError() }), "failed: RangeError\n"],
])("a failure is one line without a stack trace, and exits with 1: %s", async (_, error, line) => {
  expect([await run([], failing(error)), err, out]).toEqual([1, line, ""]);
});
