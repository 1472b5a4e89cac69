import type { SQSBatchResponse } from "aws-lambda";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { secretIds } from "../../infra/local/stack/secrets.ts";
import { type FunctionsHarness, type Handler, plenty, startFunctions } from "../support/functions.ts";
import { rejection } from "../support/rejection.ts";

let functions: FunctionsHarness;
let good: string;
beforeEach(async () => {
  functions = await startFunctions();
  good = functions.secrets.values(secretIds.credentials).AWSCURRENT ?? "";
});
afterEach(async () => {
  vi.useRealTimers();
  await functions.close();
});

const record = {
  messageId: "m",
  receiptHandle: "r",
  attributes: { ApproximateReceiveCount: "1", SentTimestamp: "0" },
};
/** An event that is settled without a call to anybody. */
const event = { Records: [{ ...record, body: "{}" }] };
const put = (text: string | undefined) => functions.secrets.put(secretIds.credentials, { AWSCURRENT: text });
const done: ["consumer" | "backfill" | "resync", object, (answer: unknown) => boolean][] = [
  ["consumer", event, (answer) => Array.isArray((answer as SQSBatchResponse).batchItemFailures)],
  ["backfill", event, (answer) => Array.isArray((answer as SQSBatchResponse).batchItemFailures)],
  ["resync", {}, (answer) => (answer as { projects: number }).projects > 0],
];

/** What may be wrong with the secret of a container that is warm. */
const incomplete = (): [string, string | undefined, RegExp][] => [
  ["without a value", undefined, /the secret credentials has no value yet: put/],
  ["as the stack made it", "{}", /PORT_CLIENT_ID is not set[\s\S]*belong into the secret credentials/],
  ["that is not JSON", "PORT_CLIENT_ID=x", /the secret credentials is not JSON: put/],
  ["that lacks a field", good.replace("PORT_CLIENT_SECRET", "PORT_SECRET"), /no settings: PORT_SECRET/],
];

test.each(done)("%s works at once when its secret was put after invocations", async (name, input, isDone) => {
  put(undefined);
  const handler: Handler = await functions.container(name);
  for (const [, text, words] of incomplete()) {
    put(text);
    const error = (await rejection(handler(input, plenty))) as Error;
    expect(error.message).toMatch(words);
    expect(JSON.stringify(functions.logged.at(-1))).toMatch(words.source.split("[")[0] ?? "");
  }
  put(good);
  expect(isDone(await handler(input, plenty))).toBe(true);
});

test("a secret that became incomplete is not used on, and one that was mended is good at once", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const handler = await functions.container("resync");
  await handler({}, plenty);
  put("{}");
  vi.setSystemTime(Date.now() + 5 * 60_000);
  for (const _ of [1, 2]) await expect(handler({}, plenty)).rejects.toThrow(/PORT_CLIENT_ID is not set/);
  put(good);
  expect(await handler({}, plenty)).toMatchObject({ problems: [] });
});

test("a resync without a Bitbucket says in a sentence that it needs one", async () => {
  const { BITBUCKET_TOKEN: _, ...others } = JSON.parse(good) as Record<string, string>;
  put(JSON.stringify(others));
  // What the stack makes of bitbucketHost=none.
  const handler = await functions.container("resync", { BITBUCKET_HOST: "" });
  const error = (await rejection(handler({}, plenty))) as Error;
  expect(error.message.split("\n").slice(1)).toEqual([
    expect.stringMatching(
      /BITBUCKET_HOST is not set or none .*bitbucketHost.* this needs a Bitbucket to read from/,
    ),
  ]);
});
