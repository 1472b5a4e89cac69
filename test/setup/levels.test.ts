import { afterEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { putWebhook, type SetupHarness, startSetup, target, webhooksOf, writesOf } from "../support/setup.ts";

let harness: SetupHarness;
afterEach(() => harness.close());

const projects = ["MOPP", "SHOP"];
const repositories = [
  "MOPP/data-analyses",
  "MOPP/pipeline-tools",
  "SHOP/data-analyses",
  "SHOP/drawing-board",
  "SHOP/pipeline-tools",
];
const owners = () => [...webhooksOf(harness.bitbucket).keys()].sort();

test.each(["8.8.0", "8.10.0", "8.10.3", "8.19.1", "9.4.0", "10.0.0"])(
  "Bitbucket %s gets one webhook per project",
  async (version) => {
    harness = await startSetup({ bitbucket: { version } });
    const { ok, webhooks } = await harness.run();
    expect(ok).toBe(true);
    expect(webhooks).toEqual({
      level: "project",
      created: 2,
      updated: 0,
      removed: 0,
      unchanged: 0,
      failed: [],
    });
    expect(owners()).toEqual(projects);
    expect(webhooksOf(harness.bitbucket).get("MOPP")).toEqual([
      expect.objectContaining({
        name: "bitbucket-port-sync",
        url: target.url,
        active: true,
        sslVerificationRequired: true,
        configuration: { secret: target.secret },
        events: expect.arrayContaining(["pr:opened", "pr:deleted", "repo:modified", "project:modified"]),
      }),
    ]);
  },
);

test.each(["8.7.1", "8.7.15", "8.2.0", "7.21.4"])("Bitbucket %s gets one per repository", async (version) => {
  harness = await startSetup({ bitbucket: { version } });
  const { ok, webhooks } = await harness.run();
  expect(ok).toBe(true);
  expect(webhooks).toMatchObject({ level: "repository", created: 5, failed: [] });
  expect(owners()).toEqual(repositories);
  const [webhook] = webhooksOf(harness.bitbucket).get("MOPP/data-analyses") ?? [];
  expect(webhook?.events).not.toContain("project:modified");
});

test.each([
  ["9.4.0", "true", repositories],
  ["9.4.0", "1", repositories],
  ["9.4.0", "false", projects],
  ["9.4.0", "", projects],
])("Bitbucket %s with IS_VERSION_8_7_OR_OLDER=%s", async (version, value, expected) => {
  harness = await startSetup({ bitbucket: { version } });
  expect((await harness.run({}, { IS_VERSION_8_7_OR_OLDER: value })).ok).toBe(true);
  expect(owners()).toEqual(expected);
});

test("a setting that does not fit the version is named as the cause", async () => {
  harness = await startSetup({ bitbucket: { version: "8.7.1" } });
  const { ok, webhooks } = await harness.run({}, { IS_VERSION_8_7_OR_OLDER: "false" });
  expect(ok).toBe(false);
  expect(webhooks.failed).toHaveLength(2);
  expect(webhooks.failed[0]).toMatch(/^project:MOPP: .*IS_VERSION_8_7_OR_OLDER/);
});

test("after an update of Bitbucket the webhooks move from the repositories to the project", async () => {
  harness = await startSetup({ bitbucket: { version: "8.7.1" } });
  await harness.run();
  const { data } = harness.bitbucket;
  const foreign = putWebhook(data.projects.get("MOPP")?.repositories.get("data-analyses") ?? never());
  await harness.close();
  harness = await startSetup({ bitbucket: { version: "8.19.2", data } });
  const { webhooks } = await harness.run();
  expect(webhooks).toMatchObject({ level: "project", created: 2, removed: 5, failed: [] });
  expect(owners()).toEqual(projects);
  expect([...webhooksOf(harness.bitbucket, ({ id }) => id === foreign.id).keys()]).toEqual([
    "MOPP/data-analyses",
  ]);
  const writes = writesOf(harness.bitbucket)
    .filter(({ path }) => path.includes("/MOPP/"))
    .map(({ method }) => method);
  expect(writes).toEqual(["POST", "DELETE", "DELETE"]);
});

test("and back, where the settings say so", async () => {
  harness = await startSetup();
  await harness.run();
  const { webhooks } = await harness.run({}, { IS_VERSION_8_7_OR_OLDER: "true" });
  expect(webhooks).toMatchObject({ level: "repository", created: 5, removed: 2 });
  expect(owners()).toEqual(repositories);
});

test("only the projects of the filter are touched, personal ones when they are named", async () => {
  harness = await startSetup({ bitbucket: { data: demoData() } });
  const personal = [...harness.bitbucket.data.projects.values()].find(({ type }) => type === "PERSONAL");
  const key = personal?.key ?? never();
  const { ok } = await harness.run({}, { BITBUCKET_PROJECTS_FILTER: `shop,${key}` });
  expect(ok).toBe(true);
  expect(owners()).toEqual(["SHOP", key]);
});

test.each([
  ["the first that is listed", "MOPP", "9.4.0", ["MOPP"]],
  [
    "the first that is listed, a repository's webhooks each",
    "mopp",
    "8.7.0",
    ["MOPP/data-analyses", "MOPP/pipeline-tools"],
  ],
  ["the last", "SHOP", "9.4.0", ["SHOP"]],
  ["named twice", "mopp,MOPP", "9.4.0", ["MOPP"]],
])(
  "projects outside of the filter get no webhook and are not looked at: %s",
  async (_, filter, version, expected) => {
    harness = await startSetup({ bitbucket: { version, pageCap: 1 } });
    for (const input of [{}, { rotate: true }, { remove: true }]) {
      harness.bitbucket.calls.length = 0;
      const { ok } = await harness.run(input, { BITBUCKET_PROJECTS_FILTER: filter });
      expect(ok).toBe(true);
      expect(owners()).toEqual("remove" in input ? [] : expected);
      const touched = harness.bitbucket.calls.flatMap(
        ({ path }) => /\/projects\/([^/?]+)/.exec(path)?.[1] ?? [],
      );
      expect([...new Set(touched)]).toEqual([expected[0]?.split("/")[0]]);
    }
  },
);

test.each([404, 401])(
  "a project that the filter names and that is not shown (%i) is named",
  async (status) => {
    harness = await startSetup();
    harness.bitbucket.setIntercept(({ path }) =>
      path.endsWith("/projects/typo") ? { status, body: { errors: [] } } : undefined,
    );
    const { ok, webhooks } = await harness.run({}, { BITBUCKET_PROJECTS_FILTER: "MOPP,Typo" });
    expect(ok).toBe(false);
    expect(webhooks).toMatchObject({
      created: 1,
      failed: [expect.stringMatching(/^project:Typo: .*FILTER/)],
    });
  },
);

function never(): never {
  throw new Error("the demo's data are different");
}
