import { afterEach, expect, test } from "vitest";
import { type BitbucketSimulatorOptions, demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { putWebhook, type SetupHarness, startSetup, target, webhooksOf, writesOf } from "../support/setup.ts";

let harness: SetupHarness;
afterEach(() => harness.close());

const one = (key = "MOPP") => webhooksOf(harness.bitbucket).get(key) ?? [];
const projectOf = (key = "MOPP") => {
  const project = harness.bitbucket.data.projects.get(key);
  if (project === undefined) throw new Error(`no ${key}`);
  return project;
};

/** 60 projects, each with 30 webhooks of others. */
function crowded() {
  const data = demoData({ projects: 60, repositoriesPerProject: 1, pullRequestsPerRepository: 0 });
  for (const project of data.projects.values()) {
    if (project.type === "PERSONAL") continue;
    for (let count = 0; count < 30; count++) putWebhook(project);
  }
  return data;
}

const servers: [string, BitbucketSimulatorOptions][] = [
  ["pages of 25", { pageCap: 25 }],
  ["pages of 7 with gaps", { pageCap: 7, pageGaps: true }],
  ["secrets that are masked", { pageCap: 25, maskSecrets: true }],
  ["a context path", { pageCap: 25, contextPath: "/bitbucket" }],
];

test.each(servers)("60 projects with 30 foreign webhooks each: three runs over %s", async (_, options) => {
  harness = await startSetup({ bitbucket: { ...options, data: crowded() } });
  const summaries = [];
  let before = 0;
  for (let run = 0; run < 3; run++) {
    before = writesOf(harness.bitbucket).length + writesOf(harness.port).length;
    summaries.push(await harness.run());
  }
  expect(summaries[0]?.webhooks).toMatchObject({ created: 60, updated: 0, removed: 0, failed: [] });
  expect(summaries[2]).toEqual({
    ok: true,
    blueprints: { created: 0, extended: 0, unchanged: 4, conflicts: [] },
    webhooks: { level: "project", created: 0, updated: 0, removed: 0, unchanged: 60, failed: [] },
  });
  expect(writesOf(harness.bitbucket).length + writesOf(harness.port).length).toBe(before);
  const ours = [...webhooksOf(harness.bitbucket).entries()].filter(([name]) => !name.includes("/"));
  expect(ours).toHaveLength(60);
  for (const [, list] of ours) expect(list).toHaveLength(1);
  const others = [...webhooksOf(harness.bitbucket, ({ url }) => url !== target.url).values()];
  expect(others.map((list) => list.length)).toEqual(Array.from({ length: 60 }, () => 30));
});

test.each<[string, object]>([
  ["name", { name: "old name" }],
  ["events", { events: ["pr:opened"] }],
  ["events, some of which are not wanted", { events: ["repo:comment:added"] }],
  ["active", { active: false }],
])("one whose %s differs is brought up to date, secret included", async (_, values) => {
  harness = await startSetup({ bitbucket: { maskSecrets: true } });
  await harness.run();
  const before = { ...one()[0] };
  Object.assign(one()[0] ?? {}, values, { configuration: { secret: "old", createdBy: "somebody" } });
  const { webhooks } = await harness.run();
  expect(webhooks).toMatchObject({ created: 0, updated: 1, removed: 0, unchanged: 1 });
  expect(one()).toEqual([
    {
      ...before,
      updatedDate: expect.any(Number),
      configuration: { secret: target.secret, createdBy: "somebody" },
    },
  ]);
});

test.each<[string, object, object, object]>([
  ["when setup runs again", {}, {}, { updated: 0, unchanged: 2 }],
  ["when it is written anew", { name: "old name" }, {}, { updated: 1, unchanged: 1 }],
  ["when the secret rotates", {}, { rotate: true }, { updated: 2 }],
])(
  "a webhook that does not verify certificates, as somebody wanted it, stays so %s, and is named",
  async (...row) => {
    const [, values, request, counts] = row;
    harness = await startSetup();
    await harness.run();
    Object.assign(one()[0] ?? {}, values, { sslVerificationRequired: false });
    const summary = await harness.run(request);
    expect(summary).toMatchObject({ ok: true, webhooks: counts });
    expect(one()).toMatchObject([{ name: "bitbucket-port-sync", sslVerificationRequired: false }]);
    expect(one("SHOP")).toMatchObject([{ sslVerificationRequired: true }]);
    const note = expect.stringMatching(/sslVerificationRequired.*left.*: project:MOPP$/);
    expect(summary.notes).toContainEqual(note);
    await harness.run({ remove: true });
    expect(harness.notes).toEqual([]);
  },
);

test("of repositories' webhooks that do not verify certificates twenty are named", async () => {
  const data = demoData({ projects: 1, repositoriesPerProject: 22, pullRequestsPerRepository: 0 });
  harness = await startSetup({ bitbucket: { version: "8.7.0", data } });
  await harness.run();
  for (const [, [webhook]] of webhooksOf(harness.bitbucket)) {
    if (webhook !== undefined) webhook.sslVerificationRequired = false;
  }
  const { notes = [], webhooks } = await harness.run();
  expect(webhooks).toMatchObject({ updated: 0, unchanged: 22 });
  expect(
    notes.filter((note) => /(repository:MOPP\/[\w-]+, ){19}repository:MOPP\/[\w-]+ and 2 more$/.test(note)),
  ).toHaveLength(1);
});

test("duplicates of ours go, the best one stays", async () => {
  harness = await startSetup();
  await harness.run();
  const good = one()[0]?.id;
  putWebhook(projectOf(), { url: target.url });
  const foreign = putWebhook(projectOf());
  const [first, ...rest] = [...projectOf().webhooks.values()];
  // The old one first, as if it had been there before.
  projectOf().webhooks.clear();
  for (const webhook of [...rest, first]) if (webhook) projectOf().webhooks.set(webhook.id, webhook);
  expect((await harness.run()).webhooks).toMatchObject({ updated: 0, removed: 1, unchanged: 2 });
  expect(one().map(({ id }) => id)).toEqual([good]);
  expect(projectOf().webhooks.has(foreign.id)).toBe(true);
});

test("an answer that was lost leaves no duplicate for long", async () => {
  harness = await startSetup();
  let lost = 0;
  harness.bitbucket.setIntercept(({ method }) =>
    method === "POST" && lost++ === 0 ? "apply-then-reset" : undefined,
  );
  expect((await harness.run()).ok).toBe(true);
  await harness.run();
  expect(one()).toHaveLength(1);
  expect((await harness.run()).webhooks).toMatchObject({ removed: 0, unchanged: 2 });
});

test("rotate sends the present secret to every webhook of ours, and to nobody else's", async () => {
  harness = await startSetup({ bitbucket: { maskSecrets: true } });
  await harness.run();
  const foreign = putWebhook(projectOf());
  expect((await harness.run({}, {}, "the new one")).webhooks).toMatchObject({ updated: 0, unchanged: 2 });
  expect((await harness.run({ rotate: true }, {}, "the new one")).webhooks).toMatchObject({ updated: 2 });
  for (const key of ["MOPP", "SHOP"]) expect(one(key)[0]?.configuration.secret).toBe("the new one");
  expect(foreign.configuration.secret).toBe("theirs");
});

test("remove takes ours away on either level and leaves the others, and Port", async () => {
  harness = await startSetup();
  await harness.run();
  const foreign = putWebhook(projectOf());
  const repository = projectOf().repositories.get("data-analyses");
  if (repository === undefined) throw new Error("the demo's data are different");
  putWebhook(repository, { url: target.url });
  const alsoForeign = putWebhook(repository);
  const before = harness.port.calls.length;
  expect(await harness.run({ remove: true })).toEqual({
    ok: true,
    blueprints: { created: 0, extended: 0, unchanged: 0, conflicts: [] },
    webhooks: { level: "project", created: 0, updated: 0, removed: 3, unchanged: 0, failed: [] },
  });
  expect(webhooksOf(harness.bitbucket).size).toBe(0);
  expect(webhooksOf(harness.bitbucket, () => true)).toEqual(
    new Map([
      ["MOPP", [foreign]],
      ["MOPP/data-analyses", [alsoForeign]],
    ]),
  );
  expect(harness.port.calls.length).toBe(before);
});

test("a dry run says the same and writes nothing", async () => {
  harness = await startSetup();
  const dry = await harness.run({ dryRun: true });
  expect(writesOf(harness.bitbucket)).toEqual([]);
  expect(writesOf(harness.port)).toEqual([]);
  expect(await harness.run()).toEqual(dry);
  const removing = await harness.run({ dryRun: true, remove: true });
  expect(removing.webhooks.removed).toBe(2);
  expect(webhooksOf(harness.bitbucket).size).toBe(2);
});

test.each<[unknown, RegExp]>([
  [{ force: true }, /force/],
  [{ remove: "yes" }, /remove is neither true nor false/],
  [[], /input is not an object/],
  ["remove", /input is not an object/],
  [{ remove: true, rotate: true }, /exclude/],
])("%j is refused before anything is asked", async (input, words) => {
  harness = await startSetup();
  await expect(harness.run(input as object)).rejects.toThrow(words);
  expect([...harness.bitbucket.calls, ...harness.port.calls]).toEqual([]);
});
