import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startStack } from "../../infra/local/stack.ts";
import { resync } from "../../lib/backfill/resync.ts";
import { createBackfillRuntime } from "../../lib/backfill/runtime.ts";
import { parseBackfillConfig } from "../../lib/config/parse.ts";
import type { ConfigError } from "../../lib/errors.ts";
import { createGate } from "../../lib/http/gate.ts";
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

const bothSides = situations.find(({ name }) => name === "both sides at once") as Situation;

const start = async (env: Record<string, string>): Promise<void> => (await startStack({ env })).stop();
const runSetup = (env: Record<string, string>) => {
  const target = { url: "https://hooks.example.org/webhook", secret: "a secret for tests" };
  return setup(
    {},
    createSetupContext(parseBackfillConfig(env), target, () => {}),
  );
};

/** As the function does, with the settings of one situation. */
async function runResync(env: Record<string, string>): Promise<unknown> {
  const { queue, context } = createBackfillRuntime(env);
  return resync({}, queue, await context(AbortSignal.timeout(60_000)));
}

/** All at once they would keep each other from hearing an answer in time. */
const together = createGate(10);
let resyncHandler: Handler;
beforeAll(async () => {
  distrust = trustOtherCa();
  [surroundings, functions] = await Promise.all([startSurroundings(), startFunctions()]);
  resyncHandler = await functions.container("resync", { CREDENTIALS_SECRET_ID: secretOf(bothSides.name) });
  const stack = { ...process.env } as Record<string, string>;
  const collect = async (name: string, situation: Situation, run: () => Promise<unknown>) =>
    void ended.set(`${name} ${situation.name}`, await together(() => rejection(run())));
  await Promise.all(
    situations.flatMap((situation) => {
      const env = surroundings.settingsIn(situation);
      const CREDENTIALS_SECRET_ID = secretOf(situation.name);
      functions.secrets.put(CREDENTIALS_SECRET_ID, { AWSCURRENT: JSON.stringify(credentialsIn(env)) });
      return [
        collect("setup", situation, () => runSetup(env)),
        collect("npm start", situation, () => start(env)),
        collect("resync", situation, () => runResync({ ...stack, ...hostsIn(env), CREDENTIALS_SECRET_ID })),
      ];
    }),
  );
}, 180_000);

const secretOf = (name: string) => `credentials of ${name}`;
const hostsIn = ({ BITBUCKET_HOST = "", PORT_API_URL = "" }: Record<string, string>) => ({
  BITBUCKET_HOST,
  PORT_API_URL,
});
/** What belongs into the secret. */
function credentialsIn({
  BITBUCKET_HOST,
  PORT_API_URL,
  NODE_EXTRA_CA_CERTS,
  ...rest
}: Record<string, string>) {
  return rest;
}
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
  for (const [name, value] of Object.entries(hostsIn(surroundings.settingsIn(bothSides))))
    vi.stubEnv(name, value);
  const error = await rejection(resyncHandler({}, plenty));
  if (!isConfigError(error)) throw error;
  expect(error.faults).toEqual(bothSides.words.map((regex) => expect.stringMatching(regex)));
  expect(error.stack).toBe("");
  expect(functions.logged.at(-1)).toMatchObject({
    level: "error",
    message: "resync failed",
    error: "ConfigError",
    detail: error.message,
  });
  expect(await functions.receive("BackfillQueue")).toBeUndefined();
});
