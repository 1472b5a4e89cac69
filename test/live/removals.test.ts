import { expect, test, vi } from "vitest";
import type { BitbucketEvent, Change } from "../../lib/bitbucket/events.ts";
import { bareObject } from "../../lib/bitbucket/objects.ts";
import type { Whereabouts } from "../../lib/bitbucket/whereabouts.ts";
import type { JsonObject } from "../../lib/json.ts";
import { removeGone } from "../../lib/live/removals.ts";
import { zeroCounts } from "../../lib/sync/counts.ts";
import { unknown } from "../support/memory-clients.ts";
import { entityOf, mapped, memoryMapper, memorySync } from "../support/memory-sync.ts";
import { collectLines } from "../support/output.ts";
import { project, pullRequest, repository, start } from "../support/payloads.ts";
import { rejection } from "../support/rejection.ts";

type Sync = ReturnType<typeof memorySync>;

const lines = collectLines();

const mapper = memoryMapper();
const date = start + 60_000;

async function removed(sync: Sync, change: Change, at: number | undefined = date) {
  const counts = zeroCounts();
  const event: BitbucketEvent = { key: "any", date: at, change };
  const there = await removeGone({ event }, sync.context, counts);
  return { there, counts, ids: [...sync.port.entities.values()].map(({ identifier }) => identifier) };
}

const address = { kind: "pull-request", key: "PRJ", slug: "app", id: 7 } as const;
const object = pullRequest(7);
const link = "https://bitbucket.example.org/projects/PRJ/repos/app/pull-requests/7";
const deletion = { type: "delete", address, object, link, createdDate: start } as const;

/** A Bitbucket with a repository, of which Port has a pull request as well. */
function withPullRequest(change: JsonObject = {}, options?: Parameters<typeof memorySync>[0]): Sync {
  const sync = memorySync(options);
  sync.bitbucket.put("project", project("PRJ"));
  sync.bitbucket.put("repository", repository("PRJ", "app"));
  sync.port.put(entityOf(mapper, "pull-request", pullRequest(7, change)));
  return sync;
}

test("a pull request goes of whose deletion an event tells, and counts as deleted", async () => {
  const sync = withPullRequest();
  const { there, counts, ids } = await removed(sync, deletion);
  expect({ there, ids, deleted: counts["pull-request"].deleted }).toEqual({ there: [], ids: [], deleted: 1 });
  expect(sync.context.memory.recall("bitbucketPullrequest\nPRJ/app/7")).toMatchObject({
    version: { date },
    gone: { createdDate: start },
  });
  expect(sync.backfills).toEqual([]);
});

test("a deletion that came as a reference finds its entity by the address", async () => {
  const { object: _, ...reference } = deletion;
  expect((await removed(withPullRequest(), reference)).ids).toEqual([]);
});

test("an entity that the event's object gives goes, whatever its address would give", async () => {
  const own = memoryMapper({
    "pull-request": (it) => [mapped(it, "bitbucketPullrequest", `own-${String(it["id"])}`)],
  });
  const sync = withPullRequest({}, { mapper: own });
  sync.port.entities.clear();
  sync.port.put(entityOf(own, "pull-request", object));
  expect((await removed(sync, deletion)).ids).toEqual([]);
});

test("what is there after all stays, and is to be shown as it is", async () => {
  const sync = withPullRequest();
  sync.bitbucket.put("pull-request", object);
  const { there, ids } = await removed(sync, deletion);
  expect({ there, ids }).toEqual({ there: [address], ids: ["PRJ/app/7"] });
});

test.each<[string, Partial<typeof deletion>, JsonObject]>([
  ["belongs to another Bitbucket", { link: link.replace("bitbucket.", "other.") as typeof link }, {}],
  ["has another creation date", { createdDate: start - 60_000 }, {}],
  ["has no link, though the object had one", {}, { links: null }],
])("an entity that %s stays", async (_, change, own) => {
  const sync = withPullRequest(own);
  const { ids, counts } = await removed(sync, { ...deletion, ...change });
  expect({ ids, deleted: counts["pull-request"].deleted }).toEqual({ ids: ["PRJ/app/7"], deleted: 0 });
});

test("an entity without a link goes with an object without a link", async () => {
  const { link: _, ...unlinked } = deletion;
  expect((await removed(withPullRequest({ links: null }), unlinked)).ids).toEqual([]);
});

const pull = "pull-request:prj/app/7";
test("where Bitbucket does not let us look, a deletion counts as the event says, and that is said", async () => {
  const sync = withPullRequest();
  sync.bitbucket.answers.set(pull, unknown({ status: 401 }));
  expect((await removed(sync, deletion)).ids).toEqual([]);
  const message = "Bitbucket does not let us look at what is gone";
  expect(lines()).toMatchObject([{ level: "warn", message, object: pull }]);
});

test("when Bitbucket cannot tell for now, nothing goes and the event is for later", async () => {
  const sync = withPullRequest();
  sync.bitbucket.answers.set(pull, unknown({ status: 503 }));
  expect(await rejection(removed(sync, deletion))).toMatchObject({ failure: { status: 503 } });
  expect(sync.port.entities.size).toBe(1);
});

test.each<[string, Change]>([
  ["that changed a pull request", { type: "update", address, object }],
  ["of a push", { type: "see", address: { ...address, kind: "repository" } }],
  [
    "that changed a project but not its key",
    { type: "modify", address: { kind: "project", key: "PRJ" }, old: { kind: "project", key: "prj" } },
  ],
])("an event %s takes nothing away and asks nobody", async (_, change) => {
  const sync = withPullRequest();
  expect((await removed(sync, change)).there).toEqual([]);
  expect([sync.bitbucket.asked, sync.port.made, sync.backfills]).toEqual([[], [], []]);
});

const old = { kind: "repository", key: "PRJ", slug: "app" } as const;
const now = { kind: "repository", key: "NEW", slug: "lib" } as const;
const renamed = { type: "modify", old, address: now, object: repository("NEW", "lib") } as const;
const backfillOf = (key: string, slug: string) => ({ project: key, repository: slug, state: "ALL" });

/** A Port with a repository and what lies in it, a Bitbucket where it is at another address by now. */
function withRenamed(options?: Parameters<typeof memorySync>[0]): Sync {
  const sync = memorySync(options);
  for (const key of ["PRJ", "NEW"]) sync.bitbucket.put("project", project(key));
  sync.bitbucket.put("repository", repository("NEW", "lib"));
  sync.port.put(entityOf(mapper, "repository", repository("PRJ", "app")));
  sync.port.put(entityOf(mapper, "pull-request", object));
  return sync;
}

test("a rename says nothing of a deletion: where Bitbucket does not let us look any more, what was left stays", async () => {
  const sync = withRenamed();
  sync.port.entities.delete("bitbucketPullrequest\nPRJ/app/7");
  const find = vi.spyOn(sync.bitbucket, "find");
  find.mockImplementationOnce(async () => {
    sync.bitbucket.answers.set("repository:prj/app", unknown({ status: 401 }));
    return { is: "gone", what: "repository" };
  });
  const { ids, counts } = await removed(sync, renamed);
  expect({ ids, deleted: counts.repository.deleted }).toEqual({ ids: ["PRJ/app"], deleted: 0 });
});

test("a renamed repository leaves its old address with all beneath, and a backfill fills the new one", async () => {
  const sync = withRenamed();
  const { there, ids, counts } = await removed(sync, renamed);
  expect({ there, ids }).toEqual({ there: [], ids: [] });
  expect([counts.repository.deleted, counts["pull-request"].deleted]).toEqual([1, 1]);
  expect(sync.backfills).toEqual([backfillOf("NEW", "lib")]);
});

test("a project with another key leaves its old one, and the whole project is read", async () => {
  const sync = memorySync();
  sync.bitbucket.put("project", project("NEW"));
  sync.port.put(entityOf(mapper, "project", project("PRJ")));
  const [from, to] = ["PRJ", "NEW"].map((key) => ({ kind: "project", key }) as const);
  if (from === undefined || to === undefined) throw new Error("no addresses");
  const { ids } = await removed(sync, { type: "modify", old: from, address: to, object: project("NEW") });
  expect(ids).toEqual([]);
  expect(sync.backfills).toStrictEqual([{ project: "NEW", state: "ALL" }]);
});

test("where somebody has the old name by now, nothing goes at once: both places are read", async () => {
  const sync = withRenamed();
  sync.bitbucket.put("repository", repository("PRJ", "app"));
  const { there, ids } = await removed(sync, renamed);
  expect({ there, ids }).toEqual({ there: [], ids: ["PRJ/app", "PRJ/app/7"] });
  expect(sync.port.made).toEqual([]);
  expect(sync.backfills).toEqual([backfillOf("PRJ", "app"), backfillOf("NEW", "lib")]);
});

test("where Bitbucket does not let us look at the old name, nothing goes, and the new place is read", async () => {
  const sync = withRenamed();
  sync.bitbucket.answers.set("repository:prj/app", unknown({ status: 403 }));
  expect((await removed(sync, renamed)).ids).toEqual(["PRJ/app", "PRJ/app/7"]);
  expect(sync.backfills).toEqual([backfillOf("NEW", "lib")]);
});

test("when Bitbucket cannot tell of the old name for now, the event is for later, and so is the backfill", async () => {
  const sync = withRenamed();
  sync.bitbucket.answers.set("repository:prj/app", unknown({ status: 503 }));
  expect(await rejection(removed(sync, renamed))).toMatchObject({ failure: { status: 503 } });
  expect([sync.port.entities.size, sync.backfills]).toEqual([2, []]);
});

test("what Bitbucket lets nobody look at by the time of the deletion stays, as nobody said that it was deleted", async () => {
  const sync = withRenamed();
  const answers: Whereabouts[] = [{ is: "gone", what: "repository" }, unknown({ status: 403 })];
  const find = async () => answers.shift() ?? unknown();
  const context = { ...sync.context, bitbucket: { ...sync.bitbucket, find } };
  expect((await removed({ ...sync, context }, renamed)).ids).toEqual(["PRJ/app", "PRJ/app/7"]);
});

test("of what is elsewhere by its own word nothing stays either", async () => {
  const sync = withRenamed();
  sync.bitbucket.answers.set("repository:prj/app", { is: "elsewhere", address: now });
  expect((await removed(sync, renamed)).ids).toEqual([]);
});

test("an entity that has no link, or another Bitbucket's, is not what was renamed", async () => {
  for (const own of [{}, { link: "https://other.example.org/projects/PRJ/repos/app/browse" }]) {
    const sync = withRenamed();
    const [entity] = sync.port.entities.values();
    if (entity !== undefined) sync.port.put({ ...entity, properties: own });
    expect((await removed(sync, renamed)).ids).toContain("PRJ/app");
  }
});

test("an event without a link takes what has none, and what points to the old address in any Bitbucket", async () => {
  for (const own of [{}, { link: "https://other.example.org/projects/PRJ/repos/app/browse" }]) {
    const sync = memorySync();
    const entity = entityOf(mapper, "repository", repository("PRJ", "app"));
    sync.port.put({ ...entity, properties: own });
    const bare = { ...renamed, object: bareObject(now) };
    expect((await removed(sync, bare)).ids).toEqual([]);
  }
});

test("a mapping that calls both addresses by one name loses nothing", async () => {
  const one = memoryMapper({
    repository: (it) => ["a", "b"].map((blueprint) => mapped(it, blueprint, "one-name")),
  });
  const sync = withRenamed({ mapper: one });
  sync.port.put({ ...entityOf(one, "repository", repository("PRJ", "app")) });
  expect((await removed(sync, renamed)).ids).toContain("one-name");
  expect(sync.backfills).toEqual([backfillOf("NEW", "lib")]);
});

test("a mapping that calls only one of two entities by another name loses the old one", async () => {
  const half = memoryMapper({
    repository: (it) => [mapped(it, "a", "one-name"), mapped(it, "b", String(it["slug"]))],
  });
  const sync = memorySync({ mapper: half });
  sync.port.put(entityOf(mapper, "repository", repository("PRJ", "app")));
  sync.port.put({ ...mapped(repository("PRJ", "app"), "b", "app") });
  const { ids } = await removed(sync, renamed);
  expect(ids).not.toContain("app");
});

const withoutBitbucket = { context: { bitbucket: undefined } };

test("without a Bitbucket an event is taken at its word, and no backfill is asked for that nobody can do", async () => {
  const sync = withRenamed(withoutBitbucket);
  expect((await removed(sync, renamed)).ids).toEqual([]);
  expect(sync.backfills).toEqual([]);
  expect((await removed(withPullRequest({}, withoutBitbucket), deletion)).ids).toEqual([]);
});

const own = "bitbucketPullrequest\nPRJ/app/7";
test.each<[string, (sync: Sync) => void, number | undefined, boolean]>([
  ["newer was written", ({ context }) => context.memory.remember(own, at(date + 1)), date, false],
  ["as new was written", ({ context }) => context.memory.remember(own, at(date)), date, true],
  ["older was written", ({ context }) => context.memory.remember(own, at(date - 1)), date, true],
  ["without a date was written", ({ context }) => context.memory.remember(own, at(undefined)), date, true],
  [
    "was written and deleted since",
    ({ context }) => context.memory.remember(own, { ...at(date + 1), gone: {} }),
    date,
    true,
  ],
  ["was written", () => {}, date, true],
])("without a Bitbucket, a deletion of which something %s: %#", async (_, given, when, isDeleted) => {
  const sync = withPullRequest({}, withoutBitbucket);
  given(sync);
  const { ids, counts } = await removed(sync, deletion, when);
  expect(ids).toEqual(isDeleted ? [] : ["PRJ/app/7"]);
  expect(counts["pull-request"].older).toBe(isDeleted ? 0 : 1);
  expect(counts["pull-request"].deleted).toBe(isDeleted ? 1 : 0);
});

test("a deletion without a date counts whatever was written before", async () => {
  const sync = withPullRequest({}, withoutBitbucket);
  sync.context.memory.remember(own, at(date + 1));
  const event = { key: "any", date: undefined, change: deletion };
  await removeGone({ event }, sync.context, zeroCounts());
  expect(sync.port.entities.size).toBe(0);
});

test("where Bitbucket can be asked, it decides, and not what was written before", async () => {
  const sync = withPullRequest();
  sync.context.memory.remember(own, at(date + 1));
  expect((await removed(sync, deletion)).ids).toEqual([]);
});

function at(when: number | undefined) {
  return { version: { order: 0, date: when } };
}
