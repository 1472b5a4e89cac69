import { afterEach, beforeEach, expect, test } from "vitest";
import { secretIds } from "../../infra/local/stack/secrets.ts";
import { type FunctionsHarness, plenty, startFunctions } from "../support/functions.ts";

let functions: FunctionsHarness;
beforeEach(async () => {
  functions = await startFunctions();
});
afterEach(() => functions.close());

const calls = () => functions.world.bitbucket.calls.length + functions.world.live.simulator.calls.length;

test.each([
  ["an unknown field", { project: "MOPP" }, /project\b/],
  ["a list that is a text", { projects: "MOPP" }, /projects is not a list/],
  ["a key that is a number", { projects: ["MOPP", 7] }, /projects\.1 is not a project key/],
  ["an empty key, which would be the address of the listing", { projects: [""] }, /projects/],
  ["a blank key", { projects: ["MOPP", " "] }, /projects/],
  ["an empty list, which is not the same as all", { projects: [] }, /projects/],
  ["an unknown state", { state: "open" }, /state is none of ALL, OPEN, MERGED, DECLINED/],
  ["a permission that is a text", { allowMassDelete: "yes" }, /allowMassDelete is neither true nor false/],
  ["a list", [], /the input/],
  ["a text", "MOPP", /the input/],
])("%s is refused by name, and nothing is asked or sent", async (_, input, words) => {
  const handler = await functions.container("resync");
  await expect(handler(input as object, plenty)).rejects.toThrow(words);
  expect(calls()).toBe(0);
  expect(await functions.receive("BackfillQueue")).toBeUndefined();
  expect(functions.logged).toMatchObject([{ level: "error", error: "ConfigError" }]);
});

test("all faults of the input are named at once", async () => {
  const handler = await functions.container("resync");
  const input = { projects: 1, state: "open", allowMassDelete: 1 };
  await expect(handler(input, plenty)).rejects.toMatchObject({ faults: { length: 3 } });
});

test("a project that is named twice gets one message", async () => {
  const handler = await functions.container("resync");
  const personal =
    [...functions.world.bitbucket.data.projects.keys()].find((key) => key.startsWith("~")) ?? "";
  const input = { projects: ["MOPP", "mopp", personal, personal.toLowerCase()] };
  expect(await handler(input, plenty)).toMatchObject({ projects: 2, messages: 3 });
});

test("incomplete credentials are named, with no secret", async () => {
  functions.secrets.put(secretIds.credentials, { AWSCURRENT: '{"PORT_CLIENT_SECRET": "hush-hush"}' });
  const handler = await functions.container("resync");
  await expect(handler({}, plenty)).rejects.toThrow(
    /PORT_CLIENT_ID is not set[\s\S]*neither BITBUCKET_TOKEN/,
  );
  expect(JSON.stringify(functions.logged)).not.toContain("hush-hush");
});
