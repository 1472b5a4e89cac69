import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { parseUserLink } from "../../lib/bitbucket/address.ts";
import type { JsonObject } from "../../lib/json.ts";
import { syncEvents } from "../../lib/live/sync-events.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";
import { understood } from "../support/live.ts";
import { event, project, repository } from "../support/payloads.ts";

let harness: BackfillHarness;
beforeEach(async () => {
  const sizes = { projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 1, users: 3 };
  harness = await startBackfill({ bitbucket: { data: demoData(sizes) } });
  expect((await harness.run()).problems).toEqual([]);
});
afterEach(() => harness.close());

async function sync(payload: JsonObject, acceptedAt = Date.now()) {
  const { bitbucket } = harness.context();
  const live = { deliveryId: "delivery", acceptedAt, deliveries: 1, event: understood(payload) };
  return (await syncEvents([live], { ...harness.live.context, bitbucket })).outcomes[0];
}
const has = (blueprint: string, identifier: string) =>
  harness.live.simulator.entity(blueprint, identifier) !== undefined;
const projectRenamed = () => event("project:modified", { old: project("MOPP"), new: project("NEW") });
const repositoryRenamed = () =>
  event("repo:modified", { old: repository("MOPP", "data-analyses"), new: repository("MOPP", "analyses") });

test("what is at its old address again stays", async () => {
  expect(await sync(projectRenamed())).toEqual({ type: "done" });
  expect(await sync(repositoryRenamed())).toEqual({ type: "done" });
  expect(has("bitbucketProject", "MOPP")).toBe(true);
  expect(has("bitbucketRepository", "MOPP/data-analyses")).toBe(true);
});

test("after an answer that does not say whose it is the event comes again, and nothing is deleted", async () => {
  harness.bitbucket.setIntercept(() => ({ status: 200, body: { name: "no key" } }));
  expect(await sync(projectRenamed())).toMatchObject({ type: "retry" });
  expect(has("bitbucketProject", "MOPP")).toBe(true);
});

test("nothing is deleted where Bitbucket does not let us look", async () => {
  harness.bitbucket.setIntercept(() => ({ status: 403, body: { errors: [] } }));
  expect(await sync(repositoryRenamed())).toEqual({ type: "done" });
  expect(has("bitbucketRepository", "MOPP/data-analyses")).toBe(true);
});

test("while nobody can tell whether it is there again the event comes again, and nothing is deleted", async () => {
  harness.bitbucket.setIntercept(() => "reset");
  expect(await sync(repositoryRenamed())).toMatchObject({ type: "retry" });
  expect(has("bitbucketRepository", "MOPP/data-analyses")).toBe(true);
});

test("a late event of what has another name by now is left to the events of that name", async () => {
  harness.bitbucket.setIntercept(() => ({ status: 200, body: repository("MOPP", "renamed-again") }));
  const changed = event("repo:modified", {
    old: repository("MOPP", "analyses"),
    new: repository("MOPP", "analyses"),
  });
  expect(await sync(changed, Date.now() - 7_200_000)).toEqual({ type: "done" });
  expect(has("bitbucketRepository", "MOPP/analyses")).toBe(false);
});

test("a user's link is the page of a user and nothing else", () => {
  const base = "https://bitbucket.example.org/context";
  expect(parseUserLink(`${base}/users/ann%20b/`)).toEqual({ base, slug: "ann b" });
  for (const other of [`${base}/projects/PRJ`, `${base}/users/ann/repos/app`, "no link", 7]) {
    expect(parseUserLink(other)).toBeUndefined();
  }
});
