import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { WebhookPayload } from "../../infra/local/simulators/bitbucket/json.ts";
import { type Stack, startStack } from "../../infra/local/stack.ts";
import { wantedEvents } from "../../lib/bitbucket/webhook-events.ts";
import { webhooksOf, writesOf } from "../support/setup.ts";

let stack: Stack;
const logged: string[] = [];
beforeAll(async () => {
  const env = { WEBHOOK_SECRET: "a secret for tests" };
  stack = await startStack({ env, portOptions: { blueprints: [] }, onLog: (line) => logged.push(line) });
});
afterAll(async () => stack.stop());

function sides() {
  const { bitbucket, port } = stack;
  if (bitbucket === undefined || port === undefined) throw new Error("both sides are simulated here");
  return { bitbucket, port };
}
const ours = () => webhooksOf(sides().bitbucket, ({ url }) => url === `${stack.url}/webhook`);
const entity = (blueprint: string, identifier: string) => sides().port.entity(blueprint, identifier);
const pr = (identifier = "MOPP/data-analyses/6") => entity("bitbucketPullrequest", identifier);
const repo = (identifier: string) => entity("bitbucketRepository", identifier);

/** Waits until the catalog shows it; the test's own time limit ends a wait that leads nowhere. */
async function until(look: () => unknown): Promise<void> {
  while (!look()) await delay(20);
}

/** Lets Bitbucket tell of an event: one webhook is to hear of it, and its delivery is to be taken. */
const fired = new Set<string>();
async function fire(payload: WebhookPayload): Promise<void> {
  fired.add(payload.eventKey);
  const deliveries = await sides().bitbucket.fire(payload);
  expect(deliveries.map(({ status }) => status)).toEqual([202]);
}

test("setup makes the blueprints and a webhook for each project", async () => {
  expect(await stack.invoke("setup", {})).toEqual({
    ok: true,
    blueprints: { created: 4, extended: 0, unchanged: 0, conflicts: [] },
    webhooks: { level: "project", created: 2, updated: 0, removed: 0, unchanged: 0, failed: [] },
    notes: [expect.stringContaining("there are personal projects")],
  });
  expect([...ours().keys()]).toEqual(["MOPP", "SHOP"]);
  const { bitbucket, port } = sides();
  const writes = [...writesOf(bitbucket), ...writesOf(port)].length;
  expect(await stack.invoke("setup", {})).toMatchObject({
    blueprints: { unchanged: 4 },
    webhooks: { unchanged: 2 },
  });
  expect([...writesOf(bitbucket), ...writesOf(port)]).toHaveLength(writes);
});

test("then an event of each kind, through the webhook that Bitbucket was given, ends in Port", async () => {
  const { bitbucket } = sides();
  const name = ["MOPP", "data-analyses", 6] as const;
  await fire(bitbucket.createPullRequest("MOPP", "data-analyses", { title: "Sixth" }));
  await until(() => pr()?.title === "Sixth");
  expect(pr()?.relations["repository"]).toBe("MOPP/data-analyses");
  await fire(bitbucket.updatePullRequest(name, { title: "Edited" }));
  await until(() => pr()?.title === "Edited");
  const updatedOn = pr()?.properties["updated_on"];
  const commit = pr()?.properties["merge_commit"];
  await fire(bitbucket.pushToPullRequest(name));
  await until(() => pr()?.properties["merge_commit"] !== commit);
  expect(pr()?.properties["updated_on"]).not.toBe(updatedOn);
  await fire(bitbucket.setReviewers(name, ["bo.cedar"]));
  await until(() => String(pr()?.properties["reviewers"]) === "bo.cedar@example.org");
  for (const status of ["APPROVED", "NEEDS_WORK", "UNAPPROVED"] as const) {
    const before = pr()?.properties["updated_on"];
    await fire(bitbucket.review(name, "cleo.dogwood", status));
    await until(() => pr()?.properties["updated_on"] !== before);
  }
  expect(pr()?.properties["reviewers"]).toContain("cleo.dogwood@example.org");
  await fire(bitbucket.comment(name, "dev.elm", "Why?"));
  await until(() => String(pr()?.relations["participants"]).includes("dev.elm@example.org"));
  await fire(bitbucket.mergePullRequest(name));
  await until(() => pr()?.properties["state"] === "MERGED");

  await fire(bitbucket.createPullRequest("MOPP", "data-analyses"));
  await fire(bitbucket.declinePullRequest(["MOPP", "data-analyses", 7]));
  await until(() => pr("MOPP/data-analyses/7")?.properties["state"] === "DECLINED");
  await fire(bitbucket.deletePullRequest(["MOPP", "data-analyses", 7]));
  await until(() => pr("MOPP/data-analyses/7") === undefined);

  await fire(bitbucket.push("SHOP", "pipeline-tools"));
  await until(() => repo("SHOP/pipeline-tools")?.relations["latestCommitAuthor"]);
  await fire(bitbucket.forkRepository("SHOP", "drawing-board", "MOPP"));
  await until(() => repo("MOPP/drawing-board"));
  await fire(bitbucket.updateRepository("SHOP", "data-analyses", { description: "Changed" }));
  await until(() => repo("SHOP/data-analyses")?.properties["description"] === "Changed");
  await fire(bitbucket.updateProject("SHOP", { description: "Changed, too" }));
  await until(() => entity("bitbucketProject", "SHOP")?.properties["description"] === "Changed, too");
  expect([...fired].sort()).toEqual(wantedEvents("project").sort());
});

test("a new project is live by the next resync", async () => {
  const { bitbucket } = sides();
  bitbucket.createProject({ key: "NEW", name: "New" });
  bitbucket.createRepository("NEW", { name: "first" });
  await stack.invoke("resync", {});
  await until(() => ours().has("NEW"));
  await fire(bitbucket.createPullRequest("NEW", "first"));
  await until(() => pr("NEW/first/1"));
});

test("a resync goes on where the permission for a webhook is missing, and warns", async () => {
  const { bitbucket } = sides();
  bitbucket.createProject({ key: "SHUT", name: "Shut" });
  bitbucket.createRepository("SHUT", { name: "first" });
  bitbucket.setIntercept(({ path }) =>
    path.includes("/SHUT/webhooks") ? { status: 401, body: { errors: [] } } : undefined,
  );
  await stack.invoke("resync", {});
  await until(() => repo("SHUT/first"));
  await until(() => logged.some((line) => line.includes('"warn"') && line.includes("project:SHUT")));
  expect(ours().has("SHUT")).toBe(false);

  const summary = (await stack.invoke("setup", {})) as { ok: boolean; webhooks: { failed: string[] } };
  expect(summary.ok).toBe(false);
  expect(summary.webhooks.failed).toEqual([expect.stringMatching(/^project:SHUT: .*PROJECT_ADMIN/)]);
  bitbucket.setIntercept(undefined);
});

test("what is wrong comes in plain words, without a stack trace", async () => {
  await expect(stack.invoke("setup", { everything: true })).rejects.toThrow(/everything/);
  sides().bitbucket.setIntercept(() => ({ status: 401, body: { errors: [] } }));
  const error = await stack.invoke("setup", {}).catch((failed: unknown) => String(failed));
  sides().bitbucket.setIntercept(undefined);
  expect(error).toMatch(/does not accept the credentials/);
  // A line of a stack trace, in JSON.
  expect(error).not.toMatch(/\\n\s+at .+:\d+/);
});

test("remove takes the webhooks away", async () => {
  expect(await stack.invoke("setup", { remove: true })).toMatchObject({ ok: true, webhooks: { removed: 3 } });
  expect(ours().size).toBe(0);
  expect(logged.join("\n")).not.toContain(stack.secret);
});
