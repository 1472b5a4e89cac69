import { afterEach, expect, test } from "vitest";
import { ConfigError } from "../../lib/errors.ts";
import { rejection } from "../support/rejection.ts";
import { type SetupHarness, startSetup, writesOf } from "../support/setup.ts";

let harness: SetupHarness;
afterEach(() => harness.close());

const noErrors = { errors: [] };

/** Answers of Bitbucket's to the paths that end so. */
async function start(answers: Readonly<Record<string, { status: number; body: unknown }>>): Promise<void> {
  harness = await startSetup({
    bitbucket: {
      intercept: ({ method, path }) =>
        method === "GET" ? Object.entries(answers).find(([end]) => path.endsWith(end))?.[1] : undefined,
    },
  });
}

test("a project without a key, and a repository without a slug, are passed over", async () => {
  const page = (values: readonly unknown[]) => ({ status: 200, body: { isLastPage: true, values } });
  await start({
    "/projects": page([{ name: "no key" }, { key: "MOPP" }]),
    "/repos": page([{ name: "no slug" }]),
  });
  const { ok, webhooks } = await harness.run();
  expect([ok, webhooks.created]).toEqual([true, 1]);
});

test("a project of the filter that cannot be asked for ends the setup before anything is written", async () => {
  await start({ "/projects/~ann": { status: 409, body: noErrors } });
  const error = await rejection(harness.run({}, { BITBUCKET_PROJECTS_FILTER: "MOPP,~ann" }));
  expect(error).toBeInstanceOf(ConfigError);
  expect([...writesOf(harness.bitbucket), ...writesOf(harness.port)]).toEqual([]);
});

test("a project of the filter that may not be seen is named, the others are done", async () => {
  await start({ "/projects/~ann": { status: 401, body: noErrors } });
  const { ok, webhooks } = await harness.run({}, { BITBUCKET_PROJECTS_FILTER: "mopp,~Ann" });
  expect(ok).toBe(false);
  expect(webhooks.created).toBe(1);
  expect(webhooks.failed).toEqual([expect.stringMatching(/^project:~Ann: is not in Bitbucket/)]);
});

test("users that cannot be listed for another reason than permission end the setup", async () => {
  await start({ "/users": { status: 409, body: noErrors } });
  expect(await rejection(harness.run())).toBeInstanceOf(ConfigError);
  expect(writesOf(harness.bitbucket)).toEqual([]);
});
