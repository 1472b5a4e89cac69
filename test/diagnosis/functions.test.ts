import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startStack } from "../../infra/local/stack.ts";
import { parseBackfillConfig } from "../../lib/config/parse.ts";
import type { ConfigError } from "../../lib/errors.ts";
import { createSetupContext } from "../../lib/setup/create-context.ts";
import { setup } from "../../lib/setup/setup.ts";
import { type FunctionsHarness, type Handler, plenty, startFunctions } from "../support/functions.ts";
import { trustOtherCa } from "../support/other-ca.ts";
import { rejection } from "../support/rejection.ts";
import { type Situation, type Surroundings, situations, startSurroundings } from "../support/situations.ts";

let surroundings: Surroundings;
let functions: FunctionsHarness;
let distrust: () => void;
/** What each ended with, by its name and the situation's. */
const ended = new Map<string, unknown>();

const start = async (env: Record<string, string>): Promise<void> => (await startStack({ env })).stop();
const runSetup = (env: Record<string, string>) => {
  const target = { url: "https://hooks.example.org/webhook", secret: "a secret for tests" };
  return setup(
    {},
    createSetupContext(parseBackfillConfig(env), target, () => {}),
  );
};

beforeAll(async () => {
  distrust = trustOtherCa();
  [surroundings, functions] = await Promise.all([startSurroundings(), startFunctions()]);
  const collect = async (name: string, situation: Situation, run: Promise<unknown>) =>
    void ended.set(`${name} ${situation.name}`, await rejection(run));
  const handlers: Handler[] = [];
  for (const _ of situations) handlers.push(await functions.container("resync"));
  const waiting: Promise<void>[] = [];
  for (const [index, situation] of situations.entries()) {
    const env = surroundings.settingsIn(situation);
    waiting.push(collect("setup", situation, runSetup(env)), collect("npm start", situation, start(env)));
    // The environment is one for all, but each container has a secret of its own, which wins.
    const CREDENTIALS_SECRET_ID = `credentials-${index}`;
    functions.secrets.put(CREDENTIALS_SECRET_ID, { AWSCURRENT: JSON.stringify(env) });
    vi.stubEnv("CREDENTIALS_SECRET_ID", CREDENTIALS_SECRET_ID);
    const resync = handlers[index] ?? (() => Promise.resolve());
    waiting.push(collect("resync", situation, resync({}, plenty)));
  }
  await Promise.all(waiting);
}, 120_000);
afterAll(async () => {
  distrust();
  await Promise.all([surroundings.close(), functions.close()]);
});

describe.each([
  ["setup", "Setup cannot begin"],
  ["npm start", "The pipeline cannot begin"],
  ["resync", "The resync cannot begin"],
])("%s says before it does anything what is wrong:", (name, subject) => {
  test.each(situations.map((it) => [it.name, it.words] as const))("%s", (situation, words) => {
    const error = ended.get(`${name} ${situation}`);
    if (!isConfigError(error)) throw error;
    expect(error.faults).toEqual(words.map((regex) => expect.stringMatching(regex)));
    expect(error.message.split("\n")[0]).toBe(`${subject}:`);
    expect(error.message).not.toMatch(/hush-hush|demo-client-secret|demo-access-token|ann@example/);
  });
});

/** By its name: each container has modules of its own. */
function isConfigError(error: unknown): error is ConfigError {
  return error instanceof Error && error.name === "ConfigError";
}

test("a resync logs the same words as it answers with, without a stack trace, and sends nothing", async () => {
  const failed = functions.logged.filter(({ message }) => message === "resync failed");
  expect(failed).toHaveLength(situations.length);
  for (const { name } of situations) {
    const error = ended.get(`resync ${name}`) as Error;
    expect(error.stack).toBe("");
    expect(failed).toContainEqual(expect.objectContaining({ error: "ConfigError", detail: error.message }));
  }
  expect(await functions.receive("BackfillQueue")).toBeUndefined();
});
