import { expect, test } from "vitest";
import { addressName } from "../../lib/bitbucket/address.ts";
import type { Whereabouts } from "../../lib/bitbucket/whereabouts.ts";
import { type Removal, removeEntities } from "../../lib/sync/removal.ts";
import { unknown } from "../support/memory-clients.ts";
import { entityOf, mapped, memoryMapper, memorySync } from "../support/memory-sync.ts";
import { collectLines } from "../support/output.ts";
import { project, pullRequest, repository, start, user } from "../support/payloads.ts";
import { rejection } from "../support/rejection.ts";

type Sync = ReturnType<typeof memorySync>;

const lines = collectLines();

/** The removal of a project's entity, which Port has. */
function gone(sync: Sync, key = "PRJ", more: Partial<Removal> = {}): Removal {
  sync.port.put(entityOf(sync.context.mapper, "project", project(key)));
  const address = { kind: "project", key } as const;
  return {
    kind: "project",
    blueprint: "bitbucketProject",
    identifier: key,
    roles: { link: "link" },
    linked: true,
    address,
    witness: address,
    ...more,
  };
}

function goneRepository(sync: Sync, slug: string, key = "PRJ"): Removal {
  sync.port.put(entityOf(sync.context.mapper, "repository", repository(key, slug)));
  const address = { kind: "repository", key, slug } as const;
  const identifier = `${key}/${slug}`;
  const own = { kind: "repository", blueprint: "bitbucketRepository", identifier, address } as const;
  return { ...gone(sync, key), ...own, witness: address };
}

const idsOf = (removals: readonly Removal[]) => removals.map(({ identifier }) => identifier);

test("an entity goes whose object is gone, and that is remembered and told", async () => {
  const sync = memorySync();
  const removal = gone(sync, "PRJ", { createdDate: 3 });
  sync.context.memory.found("bitbucketProject\nPRJ");
  expect(await removeEntities([removal], 5, sync.context)).toEqual({ deleted: [removal], kept: [] });
  expect([...sync.port.entities.keys()]).toEqual([]);
  expect(sync.reported).toEqual(["deleted project PRJ"]);
  expect(sync.context.memory.exists("bitbucketProject\nPRJ")).toBe(false);
  expect(sync.context.memory.recall("bitbucketProject\nPRJ")).toMatchObject({
    version: { date: 5 },
    gone: { createdDate: 3 },
  });
});

test("nobody has to be told of a deletion", async () => {
  const sync = memorySync();
  const { report: _, ...context } = sync.context;
  const removal = gone(sync);
  expect((await removeEntities([removal], undefined, context)).deleted).toEqual([removal]);
});

const key = "project:prj";
test.each<[string, Whereabouts | undefined, Partial<Removal>, boolean]>([
  ["is gone", undefined, {}, true],
  ["is elsewhere", { is: "elsewhere", address: undefined }, {}, true],
  ["is there again", { is: "here", object: project("PRJ"), at: 0 }, {}, false],
  ["may not be seen", unknown({ status: 403 }), {}, false],
  ["may not be seen, but an event told of its deletion", unknown({ status: 403 }), { told: true }, true],
  [
    "may not be seen, and an event told that it was renamed",
    unknown({ status: 403 }),
    { told: false },
    false,
  ],
  ["is not known to be a project's", unknown({ status: 404 }), { told: true }, false],
])("what becomes of an entity whose object %s", async (_, answer, more, isDeleted) => {
  const sync = memorySync();
  if (answer !== undefined) sync.bitbucket.answers.set(key, answer);
  const removal = gone(sync, "PRJ", more);
  const { deleted, kept } = await removeEntities([removal], undefined, sync.context);
  expect({ deleted, kept }).toEqual(
    isDeleted ? { deleted: [removal], kept: [] } : { deleted: [], kept: [removal] },
  );
  expect(sync.port.entities.size).toBe(isDeleted ? 0 : 1);
});

test("when Bitbucket cannot tell for now, nothing goes", async () => {
  const sync = memorySync();
  sync.bitbucket.answers.set(key, unknown({ status: 503 }));
  const removals = [gone(sync), gone(sync, "OTH")];
  expect(await rejection(removeEntities(removals, undefined, sync.context))).toMatchObject({
    failure: { status: 503 },
  });
  expect(sync.port.entities.size).toBe(2);
});

test("each object is asked for once", async () => {
  const sync = memorySync();
  const [one, other] = [gone(sync), gone(sync, "OTH")];
  const witness = { kind: "project", key: "prj" } as const;
  await removeEntities([one, { ...other, witness }, other], undefined, sync.context);
  expect(sync.bitbucket.asked).toEqual([key, "project:oth"]);
});

test("Bitbucket is not asked when there is nothing to delete", async () => {
  const sync = memorySync();
  expect(await removeEntities([], undefined, sync.context)).toEqual({ deleted: [], kept: [] });
  expect(sync.bitbucket.asked).toEqual([]);
});

test("without a Bitbucket, what is to go goes", async () => {
  const sync = memorySync({ context: { bitbucket: undefined } });
  const removal = gone(sync);
  expect((await removeEntities([removal], undefined, sync.context)).deleted).toEqual([removal]);
});

test.each<[string, Partial<Removal>, string]>([
  ["points at another object", { address: { kind: "project", key: "NEW" } }, "foreign"],
  ["belongs to another Bitbucket", { base: "https://other.example.org" }, "foreign"],
])("an entity that %s stays, and that is said", async (_, more, decision) => {
  const sync = memorySync();
  const removal = gone(sync, "PRJ", more);
  const { kept } = await removeEntities([removal], 5, sync.context);
  expect(kept).toEqual([removal]);
  const object = addressName(removal.address);
  expect(lines()).toMatchObject([{ level: "info", message: "deletion left out", object, decision }]);
  expect(sync.context.memory.recall("bitbucketProject\nPRJ")).toBeUndefined();
});

test("an entity of a successor stays, and that is said", async () => {
  const sync = memorySync();
  sync.port.put(entityOf(sync.context.mapper, "pull-request", pullRequest(7)));
  const address = { kind: "pull-request", key: "PRJ", slug: "app", id: 7 } as const;
  const removal: Removal = {
    kind: "pull-request",
    blueprint: "bitbucketPullrequest",
    identifier: "PRJ/app/7",
    roles: { link: "link", created: "created_on" },
    linked: true,
    address,
    witness: address,
    createdDate: start - 60_000,
  };
  expect((await removeEntities([removal], 5, sync.context)).deleted).toEqual([]);
  expect(lines()).toMatchObject([{ message: "deletion left out", decision: "older" }]);
  const own = { ...removal, createdDate: start };
  expect((await removeEntities([own], 5, sync.context)).deleted).toEqual([own]);
});

test("that an entity was gone already is remembered, and nothing is said or counted", async () => {
  const sync = memorySync();
  const removal = gone(sync, "PRJ", { createdDate: 3 });
  sync.port.entities.clear();
  expect(await removeEntities([removal], 5, sync.context)).toEqual({ deleted: [], kept: [removal] });
  expect(sync.context.memory.recall("bitbucketProject\nPRJ")).toMatchObject({
    version: { date: 5 },
    gone: { createdDate: 3 },
  });
  expect({ lines: lines(), reported: sync.reported }).toEqual({ lines: [], reported: [] });
});

test("what others depend on goes last, and each kind in one call", async () => {
  const sync = memorySync();
  const removals = [gone(sync), goneRepository(sync, "app"), goneRepository(sync, "lib")];
  const { deleted } = await removeEntities(removals, undefined, sync.context);
  expect(idsOf(deleted)).toEqual(["PRJ/app", "PRJ/lib", "PRJ"]);
  expect(sync.port.made.filter((call) => call.startsWith("delete"))).toEqual([
    "delete bitbucketRepository PRJ/app,PRJ/lib",
    "delete bitbucketProject PRJ",
  ]);
  expect(sync.reported[0]).toBe("deleted repository PRJ/app");
});

test("entities of one kind in two blueprints go each from its own", async () => {
  const sync = memorySync();
  const one = gone(sync);
  const other = { ...one, blueprint: "own" };
  sync.port.put({ ...entityOf(sync.context.mapper, "project", project("PRJ")), blueprint: "own" });
  const { deleted } = await removeEntities([one, other], undefined, sync.context);
  expect(deleted).toEqual([one, other]);
  expect(sync.port.entities.size).toBe(0);
});

test("what Port does not let go stays, and is not remembered as gone", async () => {
  const sync = memorySync();
  const [outer, other] = [gone(sync), gone(sync, "OTH")];
  goneRepository(sync, "app");
  expect(await removeEntities([outer, other], undefined, sync.context)).toEqual({
    deleted: [other],
    kept: [outer],
  });
  expect(sync.reported).toEqual(["deleted project OTH"]);
  expect(sync.context.memory.recall("bitbucketProject\nPRJ")).toBeUndefined();
});

const old = user("ann");
/** The removal of a user's entity, whose object is there and has another one by now. */
function superseded(sync: Sync): Removal {
  sync.port.put(entityOf(sync.context.mapper, "user", old));
  return {
    kind: "user",
    blueprint: "bitbucketUser",
    identifier: "ann@example.org",
    roles: { link: "link" },
    linked: true,
    address: { kind: "user", slug: "ann" },
    witness: undefined,
  };
}

test.each<[string, (sync: Sync) => void, boolean]>([
  [
    "has another identifier now",
    ({ bitbucket }) => bitbucket.put("user", { ...old, emailAddress: "new@example.org" }),
    true,
  ],
  ["has its old identifier again", ({ bitbucket }) => bitbucket.put("user", old), false],
  ["is gone", () => {}, true],
  [
    "was renamed",
    ({ bitbucket }) => bitbucket.answers.set("user:ann", { is: "elsewhere", address: undefined }),
    true,
  ],
  ["may not be seen", ({ bitbucket }) => bitbucket.answers.set("user:ann", unknown({ status: 403 })), false],
])("what becomes of a superseded entity whose object %s", async (_, given, isDeleted) => {
  const sync = memorySync();
  given(sync);
  const removal = superseded(sync);
  const { deleted } = await removeEntities([removal], undefined, sync.context);
  expect(deleted).toEqual(isDeleted ? [removal] : []);
});

test("a superseded entity stays where the mapping makes nothing of its object any more", async () => {
  const sync = memorySync({ mapper: memoryMapper({ user: () => [] }) });
  sync.bitbucket.put("user", { ...old, emailAddress: "new@example.org" });
  const removal = superseded({ ...sync, context: { ...sync.context, mapper: memoryMapper() } });
  expect((await removeEntities([removal], undefined, sync.context)).deleted).toEqual([]);
});

test("a superseded entity stays while its object has it as one of several", async () => {
  const two = memoryMapper({
    user: (object) => ["new@example.org", "ann@example.org"].map((id) => mapped(object, "bitbucketUser", id)),
  });
  const sync = memorySync({ mapper: two });
  sync.bitbucket.put("user", old);
  const removal = { ...superseded({ ...sync, context: { ...sync.context, mapper: memoryMapper() } }) };
  expect((await removeEntities([removal], undefined, sync.context)).deleted).toEqual([]);
});

test("superseded entities and those of gone objects are told apart in one call", async () => {
  const sync = memorySync();
  sync.bitbucket.put("user", old);
  const removals = [superseded(sync), gone(sync)];
  expect(idsOf((await removeEntities(removals, undefined, sync.context)).deleted)).toEqual(["PRJ"]);
});

test("a link is read of Port under the name that the mapping gives it", async () => {
  const sync = memorySync();
  const removal = gone(sync, "PRJ", { roles: { link: "url" } });
  const [entity] = sync.port.entities.values();
  if (entity !== undefined)
    sync.port.put({ ...entity, properties: { url: entity.properties["link"] ?? "" } });
  expect((await removeEntities([removal], undefined, sync.context)).deleted).toEqual([removal]);
});
