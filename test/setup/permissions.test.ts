import { afterEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { type SetupHarness, startSetup, webhooksOf } from "../support/setup.ts";

let harness: SetupHarness;
afterEach(() => harness.close());

const errors = [
  {
    context: null,
    message: "You are not permitted to access this resource",
    exceptionName: "com.atlassian.bitbucket.AuthorisationException",
  },
];
const denied = { status: 401, body: { errors } };

/** Refuses the webhooks of some paths. */
function deny(pattern: RegExp): void {
  harness.bitbucket.setIntercept(({ path }) =>
    pattern.test(path) && path.includes("/webhooks") ? denied : undefined,
  );
}

test("a project without PROJECT_ADMIN is named, the others are done", async () => {
  harness = await startSetup({ bitbucket: { data: demoData({ projects: 5 }) } });
  deny(/projects\/SHOP\//);
  const { ok, blueprints, webhooks } = await harness.run();
  expect(ok).toBe(false);
  expect(blueprints.created).toBe(4);
  expect(webhooks).toMatchObject({
    created: 4,
    failed: [expect.stringMatching(/^project:SHOP: .*PROJECT_ADMIN/)],
  });
  expect([...webhooksOf(harness.bitbucket).keys()]).toEqual(["MOPP", "PRJ3", "PRJ4", "PRJ5"]);

  harness.bitbucket.setIntercept(undefined);
  expect(await harness.run()).toMatchObject({ ok: true, webhooks: { created: 1, unchanged: 4, failed: [] } });
});

test("so is the first one", async () => {
  harness = await startSetup();
  deny(/projects\/MOPP\//);
  expect((await harness.run()).webhooks).toMatchObject({
    created: 1,
    failed: [expect.stringMatching(/MOPP/)],
  });
});

test("up to 8.7 the repositories that lack it share a line with their project's key", async () => {
  const data = demoData({ repositoriesPerProject: 8 });
  harness = await startSetup({ bitbucket: { version: "8.7.1", data } });
  deny(/projects\/SHOP\//);
  const { ok, webhooks } = await harness.run();
  expect(ok).toBe(false);
  expect(webhooks.created).toBe(8);
  expect(webhooks.failed).toEqual([
    expect.stringMatching(/^project:SHOP: .*REPO_ADMIN on .* and 3 more: .*PROJECT_ADMIN/),
  ]);
});

test("credentials that are refused on the way are not taken for a missing permission", async () => {
  harness = await startSetup();
  const exceptionName = "com.atlassian.bitbucket.auth.IncorrectPasswordAuthenticationException";
  harness.bitbucket.setIntercept(({ path }) =>
    path.endsWith("/webhooks")
      ? { status: 401, body: { errors: [{ message: "", exceptionName }] } }
      : undefined,
  );
  const { webhooks } = await harness.run();
  expect(webhooks.failed[0]).toMatch(/^project:MOPP: Bitbucket does not accept the credentials/);
});

test("other trouble with one repository costs the others nothing", async () => {
  harness = await startSetup({ bitbucket: { version: "8.7.1" } });
  harness.bitbucket.setIntercept(({ path }) =>
    path.includes("/repos/pipeline-tools/webhooks") ? { status: 500, body: { errors: [] } } : undefined,
  );
  const { webhooks } = await harness.run();
  expect(webhooks.created).toBe(3);
  expect(webhooks.failed.toSorted()).toEqual([
    expect.stringMatching(/^repository:MOPP\/pipeline-tools: .*500/),
    expect.stringMatching(/^repository:SHOP\/pipeline-tools: .*500/),
  ]);
});

test("a repository or project that went since it was listed is no trouble, or is named", async () => {
  harness = await startSetup();
  harness.bitbucket.setIntercept(({ path }) => {
    if (path.endsWith("/MOPP/repos/data-analyses/webhooks"))
      harness.bitbucket.deleteRepository("MOPP", "data-analyses");
    if (path.endsWith("/projects/SHOP/webhooks")) harness.bitbucket.deleteProject("SHOP");
    return undefined;
  });
  const { webhooks } = await harness.run();
  expect(webhooks).toMatchObject({
    created: 1,
    failed: [expect.stringMatching(/^project:SHOP: .*any more/)],
  });
});

test("a token that may not list users is a warning", async () => {
  harness = await startSetup();
  harness.bitbucket.setIntercept(({ path }) => (path.endsWith("/users") ? denied : undefined));
  expect((await harness.run()).ok).toBe(true);
  expect(harness.notes).toContainEqual(expect.stringMatching(/may not list users/));
});

test("credentials that see no project are a warning", async () => {
  harness = await startSetup({ bitbucket: { data: demoData({ projects: 0 }) } });
  expect((await harness.run()).ok).toBe(true);
  expect(harness.notes).toEqual([expect.stringMatching(/no project/)]);
});
