import { expect, test } from "vitest";
import { bareObject } from "../../lib/bitbucket/objects.ts";
import { UnprocessableError } from "../../lib/errors.ts";
import type { Entity } from "../../lib/port/entity.ts";
import { removalsOf } from "../../lib/sync/absent.ts";
import { findBeneath, samples } from "../../lib/sync/beneath.ts";
import { type DependentsOptions, findDependents } from "../../lib/sync/dependents.ts";
import type { Removal } from "../../lib/sync/removal.ts";
import { entityOf, mapped, memoryMapper, memorySync, repositoryId } from "../support/memory-sync.ts";
import { project, pullRequest, repository } from "../support/payloads.ts";
import { rejection } from "../support/rejection.ts";

type Sync = ReturnType<typeof memorySync>;

const base = "https://bitbucket.example.org";
const mapper = memoryMapper();
const app = repository("PRJ", "app");
/** A project with a repository, and a pull request in it. */
const whole = [
  entityOf(mapper, "project", project("PRJ")),
  entityOf(mapper, "repository", app),
  entityOf(mapper, "pull-request", pullRequest(7, {}, app)),
];
const [, repositoryEntity, pullRequestEntity] = whole as [Entity, Entity, Entity];

function filled(options?: Parameters<typeof memorySync>[0]): Sync {
  const sync = memorySync(options);
  sync.port.put(...whole);
  return sync;
}

const projectRemoval: Removal = {
  kind: "project",
  blueprint: "bitbucketProject",
  identifier: "PRJ",
  roles: { link: "link" },
  linked: true,
  address: { kind: "project", key: "PRJ" },
  witness: { kind: "project", key: "PRJ" },
};
const repositoryRemoval: Removal = {
  kind: "repository",
  blueprint: "bitbucketRepository",
  identifier: "PRJ/app",
  roles: { link: "link" },
  linked: true,
  address: { kind: "repository", key: "PRJ", slug: "app" },
  witness: { kind: "project", key: "PRJ" },
};

const idsOf = (removals: readonly { identifier: string }[]) => removals.map(({ identifier }) => identifier);

test("with a project goes all beneath it, what lies deeper first, and what has to be gone is the project", async () => {
  const { removals, left } = await findBeneath([projectRemoval], filled().context);
  const witness = { kind: "project", key: "PRJ" };
  expect(removals).toEqual([
    {
      kind: "pull-request",
      blueprint: "bitbucketPullrequest",
      identifier: "PRJ/app/7",
      roles: { version: "updated_on", created: "created_on", link: "link", state: "state" },
      address: { kind: "pull-request", key: "PRJ", slug: "app", id: 7 },
      base,
      witness,
      linked: true,
    },
    {
      kind: "repository",
      blueprint: "bitbucketRepository",
      identifier: "PRJ/app",
      roles: { link: "link" },
      address: { kind: "repository", key: "PRJ", slug: "app" },
      base,
      witness,
      linked: true,
    },
  ]);
  expect(left).toEqual([]);
});

test("with a repository go its pull requests", async () => {
  const { removals } = await findBeneath([repositoryRemoval], filled().context);
  expect(idsOf(removals)).toEqual(["PRJ/app/7"]);
});

test("beneath a pull request and a user there is nothing to look for", async () => {
  const sync = filled();
  const kinds = ["pull-request", "user"] as const;
  const removals = kinds.map((kind): Removal => ({ ...repositoryRemoval, kind }));
  expect(await findBeneath(removals, sync.context)).toEqual({ removals: [], left: [] });
  expect(sync.port.made).toEqual([]);
});

test.each<[string, Partial<Entity>]>([
  ["has no link", { properties: {} }],
  ["has a link to nothing of Bitbucket", { properties: { link: "https://wiki.example.org/page" } }],
  ["points somewhere else", { properties: { link: `${base}/projects/OTH/repos/app/browse` } }],
  [
    "points to another Bitbucket",
    { properties: { link: "https://other.example.org/projects/PRJ/repos/app" } },
  ],
])("what relates to a project that goes and %s stays, with all beneath it", async (_, change) => {
  const sync = filled();
  sync.port.put({ ...repositoryEntity, ...change });
  const { removals, left } = await findBeneath([{ ...projectRemoval, base }], sync.context);
  expect(removals).toEqual([]);
  expect(idsOf(left)).toEqual(["PRJ/app"]);
});

test("what stays at any depth is told", async () => {
  const sync = filled();
  sync.port.put({ ...pullRequestEntity, properties: {} });
  const { removals, left } = await findBeneath([projectRemoval], sync.context);
  expect([idsOf(removals), idsOf(left)]).toEqual([["PRJ/app"], ["PRJ/app/7"]]);
});

test("where it is not known which Bitbucket a project belongs to, any that names it will do", async () => {
  const sync = filled();
  const link = "https://other.example.org/projects/PRJ/repos/app";
  sync.port.put({ ...repositoryEntity, properties: { link } });
  expect(idsOf((await findBeneath([projectRemoval], sync.context)).removals)).toContain("PRJ/app");
});

test("each goes with the one that it lies in", async () => {
  const sync = filled();
  const other = repository("OTH", "lib");
  sync.port.put(entityOf(mapper, "project", project("OTH")), entityOf(mapper, "repository", other));
  const own = { kind: "project", key: "OTH" } as const;
  const removals = [projectRemoval, { ...projectRemoval, identifier: "OTH", address: own, witness: own }];
  const found = await findBeneath(removals, sync.context);
  expect(found.removals.map(({ identifier, witness }) => [identifier, witness])).toEqual([
    ["PRJ/app/7", projectRemoval.witness],
    ["PRJ/app", projectRemoval.witness],
    ["OTH/lib", own],
  ]);
});

test("nothing lies beneath the address of a user", async () => {
  const user = { ...projectRemoval, address: { kind: "user", slug: "prj" } } as const;
  const { removals, left } = await findBeneath([user], filled().context);
  expect([removals, idsOf(left)]).toEqual([[], ["PRJ/app"]]);
});

test("of an object that is gone goes its own entity, after all beneath", async () => {
  const address = { kind: "project", key: "PRJ" } as const;
  const removals = await removalsOf(address, filled().context);
  expect(idsOf(removals)).toEqual(["PRJ/app/7", "PRJ/app", "PRJ"]);
  expect(removals.at(-1)).toEqual(projectRemoval);
});

test("an object whose entity cannot be told is no reason to delete nothing in silence", async () => {
  const fault = { permanent: true, reason: "too deep" };
  const none = { entities: [], skipped: [], failed: [], cut: [], fault };
  const { context } = filled({ mapper: { ...mapper, map: (_, objects) => objects.map(() => none) } });
  const error = await rejection(removalsOf({ kind: "project", key: "PRJ" }, context));
  expect(error).toBeInstanceOf(UnprocessableError);
});

/** The repositories that relate to projects. */
async function repositoriesOf(
  { context }: Sync,
  targets: readonly Pick<Entity, "blueprint" | "identifier">[],
  options?: DependentsOptions,
) {
  return findDependents("repository", bareObject(samples.repository), targets, context, options);
}
const target = { blueprint: "bitbucketProject", identifier: "PRJ" };

test("dependents come with their roles, and with the fields that tell what they stand for", async () => {
  const [scope] = await repositoriesOf(filled(), [target]);
  const { link = null } = repositoryEntity.properties;
  expect(scope?.roles).toEqual({ link: "link" });
  expect(scope?.entities).toEqual([
    {
      identifier: "PRJ/app",
      blueprint: "bitbucketRepository",
      properties: { link },
      relations: { project: "PRJ" },
    },
  ]);
});

test("what is related only over several hops is no dependent", async () => {
  const sync = filled();
  sync.port.put({ ...pullRequestEntity, relations: { repository: "PRJ/app", project: "PRJ" } });
  const many = memoryMapper({
    "pull-request": (object) => [
      mapped(object, "bitbucketPullrequest", "1", { relations: { repository: "-", participants: [] } }),
    ],
  });
  const context = { ...sync.context, mapper: many, targetOf: () => "bitbucketProject" };
  const bare = bareObject(samples["pull-request"]);
  const [scope] = await findDependents("pull-request", bare, [target], context);
  expect(scope?.entities).toEqual([]);
});

test("nothing is searched for where no relation leads to a target's blueprint", async () => {
  const sync = filled();
  expect(await repositoriesOf(sync, [{ blueprint: "bitbucketUser2", identifier: "PRJ" }])).toEqual([]);
  expect(await repositoriesOf(sync, [])).toEqual([]);
  expect(sync.port.made).toEqual([]);
});

test("only the relations that lead to a target's blueprint make a dependent", async () => {
  const related = memoryMapper({
    repository: (object) => [
      mapped(object, "bitbucketRepository", repositoryId(object), {
        relations: { project: null, latestCommitAuthor: null },
      }),
    ],
  });
  const sync = filled({ mapper: related });
  const named = { project: "OTH", latestCommitAuthor: "PRJ" };
  sync.port.put({ ...repositoryEntity, identifier: "OTH/named", relations: named });
  const scopes = await repositoriesOf(sync, [target, { blueprint: "bitbucketUser", identifier: "PRJ" }]);
  expect(scopes.map(({ entities }) => idsOf(entities))).toEqual([["PRJ/app"], ["OTH/named"]]);
});

test("a hundred targets are looked for in one search", async () => {
  const sync = filled();
  const ids = Array.from({ length: 201 }, (_, index) => `P${index}`);
  const targets = ids.map((identifier) => ({ ...target, identifier }));
  sync.port.put({ ...repositoryEntity, identifier: "P200/app", relations: { project: "P200" } });
  const scopes = await repositoriesOf(sync, targets);
  expect(sync.port.made).toEqual([
    `search bitbucketRepository ${ids.slice(0, 100).join(",")}`,
    `search bitbucketRepository ${ids.slice(100, 200).join(",")}`,
    "search bitbucketRepository P200",
  ]);
  expect(scopes.map(({ entities }) => idsOf(entities))).toEqual([[], [], ["P200/app"]]);
});

test("rules by the entity's roles narrow the search; what is to be skipped is, on every page", async () => {
  const sync = filled({ pageSize: 1 });
  const slugs = ["a", "b", "c"];
  sync.port.put(...slugs.map((slug) => entityOf(mapper, "repository", repository("PRJ", slug))));
  const all = await repositoriesOf(sync, [target]);
  expect(idsOf(all.flatMap(({ entities }) => entities))).toEqual(["PRJ/app", "PRJ/a", "PRJ/b", "PRJ/c"]);
  const skipped = await repositoriesOf(sync, [target], {
    skip: ({ identifier }, { link }) => link === "link" && identifier === "PRJ/b",
  });
  expect(idsOf(skipped.flatMap(({ entities }) => entities))).toEqual(["PRJ/app", "PRJ/a", "PRJ/c"]);
  const value = `${base}/projects/PRJ/repos/c/browse`;
  const narrowed = await repositoriesOf(sync, [target], {
    rules: ({ link = "" }) => [{ property: link, operator: "=", value }],
  });
  expect(idsOf(narrowed.flatMap(({ entities }) => entities))).toEqual(["PRJ/c"]);
});
