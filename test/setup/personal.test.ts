import { afterEach, beforeEach, expect, test } from "vitest";
import { type SetupHarness, startSetup, webhooksOf } from "../support/setup.ts";

const key = "~ADA.BIRCH";
let harness: SetupHarness;
beforeEach(async () => {
  harness = await startSetup();
});
afterEach(() => harness.close());

const owners = () => [...webhooksOf(harness.bitbucket).keys()];
const glimpses = () => harness.bitbucket.calls.filter(({ path }) => path.endsWith("/1.0/repos"));
const note = expect.stringMatching(/personal projects.*left out.*PERSONAL_PROJECTS=true.*personalProjects/);

test.each<[string, Record<string, string>, string[]]>([
  ["all are wanted", { PERSONAL_PROJECTS: "true" }, ["MOPP", "SHOP", key]],
  [
    "all are wanted beside the filter",
    { PERSONAL_PROJECTS: "1", BITBUCKET_PROJECTS_FILTER: "mopp" },
    ["MOPP", key],
  ],
  ["the filter names one in its case", { BITBUCKET_PROJECTS_FILTER: `MOPP,${key}` }, ["MOPP", key]],
  ["the filter names one in another case", { BITBUCKET_PROJECTS_FILTER: "mopp,~ada.birch" }, ["MOPP", key]],
  [
    "one is wanted in both ways",
    { PERSONAL_PROJECTS: "true", BITBUCKET_PROJECTS_FILTER: "mopp,~ada.birch" },
    ["MOPP", key],
  ],
])("where %s, personal projects get webhooks like others, and lose them again", async (_, env, expected) => {
  const { webhooks } = await harness.run({}, env);
  expect(webhooks).toMatchObject({ created: expected.length, failed: [] });
  expect(owners()).toEqual(expected);
  expect((await harness.run({}, env)).webhooks).toMatchObject({ created: 0, unchanged: expected.length });
  expect(harness.notes).toEqual([]);
  await harness.run({ remove: true }, env);
  expect(owners()).toEqual([]);
});

test("that personal projects are left out is told once, for one call; not in a rotation, nor when there are none", async () => {
  expect((await harness.run()).notes).toEqual([note]);
  expect(glimpses()).toHaveLength(1);
  expect(owners()).toEqual(["MOPP", "SHOP"]);
  expect((await harness.run({ rotate: true })).notes).toBeUndefined();
  expect(glimpses()).toHaveLength(1);
  harness.bitbucket.deleteProject(key);
  expect((await harness.run()).notes).toBeUndefined();
});

test("a personal project that may not be administered is named with who may", async () => {
  harness.bitbucket.setIntercept(({ path }) =>
    path.includes("~") && path.includes("/webhooks") ? { status: 401, body: { errors: [] } } : undefined,
  );
  const { ok, webhooks } = await harness.run({}, { PERSONAL_PROJECTS: "true" });
  expect(ok).toBe(false);
  expect(webhooks).toMatchObject({
    created: 2,
    failed: [expect.stringMatching(/^project:~ADA.BIRCH: .*only its owner and/)],
  });
});
