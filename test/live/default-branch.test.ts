import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type BitbucketSimulator,
  bitbucketDemoToken,
  demoData,
  startBitbucketSimulator,
} from "../../infra/local/simulators/bitbucket/server.ts";
import { type BitbucketClient, createBitbucketClient } from "../../lib/bitbucket/client.ts";
import type { BitbucketEvent } from "../../lib/bitbucket/events.ts";
import { RequestError } from "../../lib/errors.ts";
import { observeEvent } from "../../lib/live/observe-event.ts";
import { type Enrichment, readEnrichment } from "../../lib/sync/enrich.ts";
import { repository } from "../support/payloads.ts";
import { rejection } from "../support/rejection.ts";

const address = { kind: "repository", key: "MOPP", slug: "data-analyses" } as const;
const all: Enrichment = { readme: true, latestCommit: true };
let simulator: BitbucketSimulator;
let bitbucket: BitbucketClient;

beforeEach(async () => {
  const sizes = { projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 1, users: 3 };
  simulator = await startBitbucketSimulator({ data: demoData(sizes) });
  const authorization = `Bearer ${bitbucketDemoToken}`;
  bitbucket = createBitbucketClient(
    { host: simulator.url, authorization, concurrency: 4 },
    { maxWaitMs: 1_000, retries: 0 },
  );
});
afterEach(() => simulator.close());

const model = () => {
  const found = simulator.data.projects.get("MOPP")?.repositories.get("data-analyses");
  if (found === undefined) throw new Error("no repository");
  return found;
};
const tip = () => model().commits[0]?.id ?? "";
function pushed(hashes?: readonly string[]): BitbucketEvent {
  const object = repository("MOPP", "data-analyses");
  const change = { type: "see", address, object, ...(hashes === undefined ? {} : { hashes }) } as const;
  return { key: "repo:refs_changed", date: Date.now(), change };
}
const delivered = { deliveryId: "d", acceptedAt: Date.now(), deliveries: 1 };
/** The repository that a push shows. */
async function seen(
  event: BitbucketEvent,
  enrichment = all,
  client: BitbucketClient | undefined = bitbucket,
  deliveries = 1,
) {
  const shown = await observeEvent({ ...delivered, event, deliveries }, 0, client, enrichment);
  return shown.find(({ kind }) => kind === "repository");
}
const enriched = async (enrichment: Enrichment) =>
  (await readEnrichment(address, enrichment, bitbucket)).fields;
const answer = (status: number) => () => ({ status, body: { errors: [] } });

test("a push to the default branch brings its tip and README", async () => {
  const shown = await seen(pushed(["f".repeat(40), tip()]));
  expect(shown?.intent).toBe("refresh");
  expect(shown?.object).toMatchObject({ __latestCommit: { id: tip() }, __readme: expect.any(String) });
});

test("only what the mapping reads is asked for", async () => {
  expect((await seen(pushed([tip()]), { readme: true, latestCommit: false }))?.object).not.toHaveProperty(
    "__latestCommit",
  );
  expect((await seen(pushed([tip()]), { readme: false, latestCommit: true }))?.object).not.toHaveProperty(
    "__readme",
  );
  const calls = simulator.calls.length;
  const none = await seen(pushed([tip()]), { readme: false, latestCommit: false });
  expect([none?.intent, simulator.calls.length]).toEqual(["ensure", calls]);
});

test("a push to another branch, or of nothing, only needs the repository to be there", async () => {
  expect((await seen(pushed(["f".repeat(40)])))?.intent).toBe("ensure");
  expect((await seen(pushed()))?.intent).toBe("ensure");
  model().commits = [];
  expect((await seen(pushed(["f".repeat(40)])))?.intent).toBe("ensure");
});

test("without a Bitbucket a push is what it says", async () => {
  const shown = await observeEvent({ ...delivered, event: pushed([tip()]) }, 0, undefined, all);
  expect(shown?.map(({ intent }) => intent)).toEqual(["ensure", "ensure"]);
});

test("a default branch that we may not see, or that is broken, is left as it is", async () => {
  for (const status of [400, 401, 403, 404]) {
    simulator.setIntercept(answer(status));
    expect((await seen(pushed([tip()])))?.intent).toBe("ensure");
    const { fields, failed } = await readEnrichment(address, all, bitbucket);
    expect(fields).toEqual({});
    expect(failed.map(({ what }) => what)).toEqual(["README", "latest commit"]);
  }
});

test("an error comes again for a while, an outage for as long as it lasts", async () => {
  const event = pushed([tip()]);
  simulator.break("MOPP", "data-analyses", { commits: 500 });
  expect(await rejection(seen(event))).toBeInstanceOf(RequestError);
  expect((await seen(event, all, bitbucket, 4))?.intent).toBe("ensure");
  simulator.setIntercept(answer(500));
  expect(await rejection(seen(event, all, bitbucket, 4))).toBeInstanceOf(RequestError);
  simulator.setIntercept(() => "reset");
  expect(await rejection(seen(event, all, bitbucket, 4))).toBeInstanceOf(RequestError);
});

test("a broken tip costs no README, and a broken README no tip", async () => {
  simulator.break("MOPP", "data-analyses", { commits: 500 });
  expect(Object.keys(await enriched(all))).toEqual(["__readme"]);
  simulator.break("MOPP", "data-analyses", { raw: 400 });
  expect(Object.keys(await enriched(all))).toEqual(["__latestCommit"]);
});

test("an object that the message does not carry is read back, and is nothing when it is gone", async () => {
  const { object: _, ...change } = pushed().change as { object?: unknown } & BitbucketEvent["change"];
  const shown = await seen({ key: "repo:forked", date: 1, change });
  expect(shown?.object["name"]).toBe(model().name);
  const nowhere = { ...change, address: { ...address, slug: "nothing" } } as BitbucketEvent["change"];
  const gone = { key: "repo:forked", date: 1, change: nowhere };
  expect(await observeEvent({ ...delivered, event: gone }, 0, bitbucket, all)).toEqual([]);
});

test("an empty repository has neither tip nor README, and both are said to be none", async () => {
  model().commits = [];
  model().files.clear();
  expect(await enriched(all)).toEqual({ __readme: null, __latestCommit: null });
});

test("what the mapping has no use for is not asked for", async () => {
  expect(await enriched({ readme: false, latestCommit: false })).toEqual({});
  expect(simulator.calls).toEqual([]);
  const commitOnly = await enriched({ readme: false, latestCommit: true });
  expect(Object.keys(commitOnly)).toEqual(["__latestCommit"]);
  const readmeOnly = await enriched({ readme: true, latestCommit: false });
  expect(Object.keys(readmeOnly)).toEqual(["__readme"]);
});
