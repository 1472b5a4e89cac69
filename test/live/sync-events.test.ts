import { afterEach, expect, test } from "vitest";
import { syncEvents } from "../../lib/live/sync-events.ts";
import { total } from "../../lib/sync/counts.ts";
import { createMemory } from "../../lib/sync/memory.ts";
import { type LiveHarness, startLive, understood } from "../support/live.ts";
import { event, project, pullRequest, repository, start, user } from "../support/payloads.ts";

let live: LiveHarness | undefined;
afterEach(async () => live?.close());

const minute = 60_000;
const done = { type: "done" };

test("one pr:opened on an empty catalog leaves its whole surroundings there, filled in", async () => {
  live = await startLive();
  const { outcomes } = await live.sync([event("pr:opened", { pullRequest: pullRequest(1) })]);

  expect(outcomes).toEqual([done]);
  expect(live.simulator.entity("bitbucketPullrequest", "PRJ/app/1")).toMatchObject({
    title: "Change 1",
    properties: {
      state: "OPEN",
      owner: "ann@example.org",
      reviewers: ["bob@example.org"],
      updated_on: "2024-05-01T10:00:00.000Z",
    },
    relations: { repository: "PRJ/app", participants: ["cid@example.org"] },
  });
  expect(live.simulator.entity("bitbucketRepository", "PRJ/app")).toMatchObject({
    title: "Repository app",
    properties: { description: "About app", state: "AVAILABLE" },
    relations: { project: "PRJ" },
  });
  expect(live.simulator.entity("bitbucketProject", "PRJ")).toMatchObject({ title: "Project PRJ" });
  const users = live.simulator
    .entities("bitbucketUser")
    .map(({ identifier, properties }) => [identifier, properties["username"]]);
  expect(users.sort()).toEqual([
    ["ann@example.org", "ann"],
    ["bob@example.org", "bob"],
    ["cid@example.org", "cid"],
  ]);
});

test("steady traffic pays one search and one write a batch, and nothing for what is known to exist", async () => {
  live = await startLive();
  await live.sync([event("pr:opened", { pullRequest: pullRequest(1) })]);
  live.takeCalls();

  await live.sync([
    event("pr:modified", { pullRequest: pullRequest(1, { title: "Better", updatedDate: start + minute }) }),
  ]);
  expect(live.takeCalls()).toEqual([
    "POST /v1/blueprints/bitbucketPullrequest/entities/search",
    "POST /v1/blueprints/bitbucketPullrequest/entities/bulk",
  ]);
});

test("an event that changes nothing is not written", async () => {
  live = await startLive();
  await live.sync([event("pr:opened", { pullRequest: pullRequest(1) })]);
  live.takeCalls();

  const { outcomes, counts } = await live.sync([event("pr:comment:added", { pullRequest: pullRequest(1) })]);
  expect(outcomes).toEqual([done]);
  expect(counts["pull-request"]).toMatchObject({ updated: 0, unchanged: 1 });
  expect(live.takeCalls()).toHaveLength(1);
});

test("what exists already is not touched by an event that merely mentions it", async () => {
  live = await startLive();
  live.simulator.put("bitbucketProject", { identifier: "PRJ", title: "Renamed by hand", properties: {} });
  await live.sync([event("pr:opened", { pullRequest: pullRequest(1) })]);
  expect(live.simulator.entity("bitbucketProject", "PRJ")).toMatchObject({
    title: "Renamed by hand",
    properties: {},
  });
});

test("several events of one pull request in a batch become one write, of the newest", async () => {
  live = await startLive();
  const { outcomes, counts } = await live.sync([
    event("pr:merged", {
      pullRequest: pullRequest(1, { state: "MERGED", updatedDate: start + 3, version: 2 }),
    }),
    event("pr:modified", {
      pullRequest: pullRequest(1, { title: "Second", updatedDate: start + 2, version: 1 }),
    }),
    event("pr:opened", { pullRequest: pullRequest(1) }),
  ]);
  expect(outcomes).toEqual([done, done, done]);
  expect(total(counts, "created") + total(counts, "updated")).toBe(6);
  expect(live.simulator.entity("bitbucketPullrequest", "PRJ/app/1")?.properties["state"]).toBe("MERGED");
});

test("an older event does not overwrite what Port has", async () => {
  live = await startLive();
  await live.sync([
    event("pr:merged", { pullRequest: pullRequest(1, { state: "MERGED", updatedDate: start + minute }) }),
  ]);
  const { counts } = await live.sync([event("pr:modified", { pullRequest: pullRequest(1) })]);
  expect(counts["pull-request"]).toMatchObject({ older: 1, updated: 0 });
  expect(live.simulator.entity("bitbucketPullrequest", "PRJ/app/1")?.properties["state"]).toBe("MERGED");
});

test("Port's date alone tells an older event, whatever process wrote the newer one", async () => {
  live = await startLive();
  await live.sync([
    event("pr:merged", { pullRequest: pullRequest(1, { state: "MERGED", updatedDate: start + minute }) }),
  ]);
  const elsewhere = { ...live.context, memory: createMemory() };
  const late = understood(event("pr:modified", { pullRequest: pullRequest(1) }));
  const { counts } = await syncEvents(
    [{ deliveryId: "d", acceptedAt: Date.now(), deliveries: 1, event: late }],
    elsewhere,
  );
  expect(counts["pull-request"].older).toBe(1);
  expect(live.simulator.entity("bitbucketPullrequest", "PRJ/app/1")?.properties["state"]).toBe("MERGED");
});

test("pr:deleted deletes the pull request, and a late event does not bring it back", async () => {
  live = await startLive();
  await live.sync([event("pr:opened", { pullRequest: pullRequest(1) })]);
  const { outcomes, counts } = await live.sync([
    event("pr:deleted", { pullRequest: pullRequest(1) }, start + minute),
  ]);
  expect(outcomes).toEqual([done]);
  expect(counts["pull-request"].deleted).toBe(1);
  expect(live.simulator.entity("bitbucketPullrequest", "PRJ/app/1")).toBeUndefined();

  await live.sync([
    event("pr:modified", { pullRequest: pullRequest(1, { updatedDate: start + 5 }) }, start + 1_000),
  ]);
  expect(live.simulator.entity("bitbucketPullrequest", "PRJ/app/1")).toBeUndefined();
});

test("a deletion that something newer has overtaken is not carried out", async () => {
  live = await startLive();
  const reopened = pullRequest(1, { title: "There again", updatedDate: start + minute });
  await live.sync([event("pr:modified", { pullRequest: reopened }, start + minute)]);
  const { outcomes, counts } = await live.sync([event("pr:deleted", { pullRequest: pullRequest(1) }, start)]);
  expect(outcomes).toEqual([done]);
  expect(counts["pull-request"]).toMatchObject({ deleted: 0, older: 1 });
  expect(live.simulator.entity("bitbucketPullrequest", "PRJ/app/1")?.title).toBe("There again");
});

test("a deletion of the same moment as the last change is carried out", async () => {
  live = await startLive();
  await live.sync([event("pr:opened", { pullRequest: pullRequest(1) })]);
  const { counts } = await live.sync([event("pr:deleted", { pullRequest: pullRequest(1) })]);
  expect(counts["pull-request"]).toMatchObject({ deleted: 1, older: 0 });
});

test.each(["deleted by the event", "gone before"])(
  "an entity that is %s is not thought to be there any more",
  async (how) => {
    live = await startLive();
    await live.sync([event("pr:opened", { pullRequest: pullRequest(1) })]);
    const key = "bitbucketPullrequest\nPRJ/app/1";
    expect(live.context.memory.exists(key)).toBe(true);
    if (how === "gone before") live.simulator.remove("bitbucketPullrequest", "PRJ/app/1");
    await live.sync([event("pr:deleted", { pullRequest: pullRequest(1) }, start + minute)]);
    expect(live.context.memory.exists(key)).toBe(false);
    expect(live.context.memory.recall(key)?.gone).toEqual({ createdDate: start });
  },
);

test("pr:deleted leaves an entity whose link is another pull request's", async () => {
  live = await startLive();
  await live.sync([event("pr:opened", { pullRequest: pullRequest(1) })]);
  live.simulator.put("bitbucketPullrequest", {
    identifier: "PRJ/app/2",
    properties: { link: "https://other.example.org/projects/PRJ/repos/app/pull-requests/2" },
  });
  const { outcomes, counts } = await live.sync([event("pr:deleted", { pullRequest: pullRequest(2) })]);
  expect(outcomes).toEqual([done]);
  expect(counts["pull-request"].deleted).toBe(0);
  expect(live.simulator.entity("bitbucketPullrequest", "PRJ/app/2")).toBeDefined();
});

test("pr:deleted takes two without a link for the same", async () => {
  live = await startLive();
  const { links: _, ...bare } = pullRequest(3);
  await live.sync([event("pr:opened", { pullRequest: bare })]);
  expect(live.simulator.entity("bitbucketPullrequest", "PRJ/app/3")?.properties["link"]).toBeUndefined();
  const { counts } = await live.sync([event("pr:deleted", { pullRequest: bare })]);
  expect(counts["pull-request"].deleted).toBe(1);
});

test("repo:modified updates the repository", async () => {
  live = await startLive();
  await live.sync([event("pr:opened", { pullRequest: pullRequest(1) })]);
  const changed = repository("PRJ", "app", { name: "App 2", description: null });
  await live.sync([event("repo:modified", { old: repository("PRJ", "app"), new: changed }, start + minute)]);
  const entity = live.simulator.entity("bitbucketRepository", "PRJ/app");
  expect(entity?.title).toBe("App 2");
  expect(entity?.properties["description"]).toBeUndefined();
});

test("a change counts even when something newer has mentioned the repository before", async () => {
  live = await startLive();
  await live.sync([event("pr:opened", { pullRequest: pullRequest(1) }, start + minute)]);
  const changed = repository("PRJ", "app", { name: "App 2" });
  await live.sync([event("repo:modified", { old: repository("PRJ", "app"), new: changed }, start)]);
  expect(live.simulator.entity("bitbucketRepository", "PRJ/app")?.title).toBe("App 2");
});

test("a renamed repository leaves nothing behind; without Bitbucket nobody is asked to read it anew", async () => {
  live = await startLive();
  const prs = Array.from({ length: 3 }, (_, index) =>
    event("pr:opened", { pullRequest: pullRequest(index + 1) }),
  );
  await live.sync(prs);
  const foreign = {
    identifier: "by-hand",
    properties: { link: "https://wiki.example.org/x" },
    relations: { repository: "PRJ/app" },
  };
  live.simulator.put("bitbucketPullrequest", foreign);

  const renamed = event(
    "repo:modified",
    {
      old: { ...repository("PRJ", "app"), links: repository("PRJ", "core")["links"] ?? null },
      new: repository("PRJ", "core"),
    },
    start + minute,
  );
  const { outcomes } = await live.sync([renamed]);
  expect(outcomes[0]?.type).not.toBe("retry");
  expect(live.simulator.entities("bitbucketPullrequest").map((it) => it.identifier)).toEqual(["by-hand"]);
  expect(live.simulator.entity("bitbucketRepository", "PRJ/core")).toBeDefined();
  expect(live.backfills).toEqual([]);
});

test("a renamed project takes its repositories and pull requests along", async () => {
  live = await startLive();
  await live.sync([event("pr:opened", { pullRequest: pullRequest(1) })]);
  await live.sync([event("pr:opened", { pullRequest: pullRequest(1, {}, repository("KEEP", "app")) })]);
  await live.sync([event("project:modified", { old: project("PRJ"), new: project("NEW") }, start + minute)]);

  expect(
    live.simulator
      .entities("bitbucketProject")
      .map((it) => it.identifier)
      .sort(),
  ).toEqual(["KEEP", "NEW"]);
  expect(live.simulator.entities("bitbucketRepository").map((it) => it.identifier)).toEqual(["KEEP/app"]);
  expect(live.simulator.entities("bitbucketPullrequest").map((it) => it.identifier)).toEqual(["KEEP/app/1"]);
  expect(live.backfills).toEqual([]);
});

test("two renames that cross each other end with the newer one's names", async () => {
  live = await startLive();
  const there = event("repo:modified", { old: repository("PRJ", "a"), new: repository("PRJ", "b") }, start);
  const back = event(
    "repo:modified",
    { old: repository("PRJ", "b"), new: repository("PRJ", "a") },
    start + minute,
  );
  for (const batch of [[back], [there]]) await live.sync(batch);
  expect(live.simulator.entities("bitbucketRepository").map((it) => it.identifier)).toEqual(["PRJ/a"]);
});

test("repo:forked brings the fork, repo:refs_changed and comments bring the repository", async () => {
  live = await startLive();
  const personal = repository("~ann", "app", {
    project: { key: "~ann", id: 9, name: "User ann", type: "PERSONAL", owner: user("ann") },
  });
  await live.sync([
    event("repo:forked", { repository: { ...personal, origin: repository("PRJ", "app") } }),
    event("repo:refs_changed", { repository: repository("PRJ", "app"), changes: [] }),
    event("repo:comment:added", { repository: repository("PRJ", "lib"), comment: { id: 1, text: "hm" } }),
  ]);
  expect(
    live.simulator
      .entities("bitbucketRepository")
      .map((it) => it.identifier)
      .sort(),
  ).toEqual(["PRJ/app", "PRJ/lib", "_ann/app"]);
  expect(
    live.simulator
      .entities("bitbucketProject")
      .map((it) => it.identifier)
      .sort(),
  ).toEqual(["PRJ", "_ann"]);
});
