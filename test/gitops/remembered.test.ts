import { expect, test } from "vitest";
import type { BitbucketClient } from "../../lib/bitbucket/client.ts";
import { createBlueprints } from "../../lib/gitops/blueprints.ts";
import { createDefaultBranches } from "../../lib/gitops/default-branches.ts";
import type { JsonObject } from "../../lib/json.ts";
import type { PortClient } from "../../lib/port/client.ts";
import { rejection } from "../support/rejection.ts";

const repository = (slug: string) => ({ kind: "repository", key: "PRJ", slug }) as const;

test("a default branch is asked for again when it is ten minutes old, when there was none, and for another one", async () => {
  const asked: string[] = [];
  let now = 0;
  let branch: string | undefined = "refs/heads/main";
  const bitbucket = {
    defaultBranch: async ({ slug }: { slug: string }) => {
      asked.push(slug);
      return branch;
    },
  } as unknown as BitbucketClient;
  const defaultBranch = createDefaultBranches(bitbucket, () => now);
  expect(await defaultBranch(repository("a"))).toBe("refs/heads/main");
  now = 9 * 60_000;
  expect(await defaultBranch(repository("a"))).toBe("refs/heads/main");
  expect(await defaultBranch(repository("b"))).toBe("refs/heads/main");
  expect(asked).toEqual(["a", "b"]);
  now = 11 * 60_000;
  branch = undefined;
  expect(await defaultBranch(repository("a"))).toBeUndefined();
  branch = "refs/heads/next";
  expect(await defaultBranch(repository("a"))).toBe("refs/heads/next");
  expect(asked).toEqual(["a", "b", "a", "a"]);
});

test("of ten thousand default branches and one, the oldest is forgotten, and no other", async () => {
  let asked = 0;
  const bitbucket = { defaultBranch: async () => `refs/heads/${++asked}` } as unknown as BitbucketClient;
  const defaultBranch = createDefaultBranches(bitbucket);
  for (let index = 0; index <= 10_000; index++) await defaultBranch(repository(`r${index}`));
  expect(await defaultBranch(repository("r1"))).toBe("refs/heads/2");
  expect(await defaultBranch(repository("r10000"))).toBe("refs/heads/10001");
  expect(await defaultBranch(repository("r0"))).toBe("refs/heads/10002");
});

const port = (blueprint: () => Promise<JsonObject | undefined>) => ({ blueprint }) as unknown as PortClient;

test("a blueprint is what Port says of it; what it does not say, and constructor, are no fields", async () => {
  const relation = { target: "team", required: true };
  const told: JsonObject = {
    schema: { properties: { config: { type: "object" }, tier: { type: "string" } } },
    relations: { team: relation, odd: { target: 5 } },
  };
  const fields = await createBlueprints(port(async () => told)).read("service");
  const about = ["config", "tier", "team", "odd", "constructor"];
  expect(about.map((name) => [fields?.has(name), fields?.isObject(name)])).toEqual([
    [true, true],
    [true, false],
    [true, false],
    [true, false],
    [false, false],
  ]);
  expect(about.map((name) => [fields?.isRequired(name), fields?.targetOf(name)])).toEqual([
    [false, undefined],
    [false, undefined],
    [true, "team"],
    [false, undefined],
    [false, undefined],
  ]);
  const bare = await createBlueprints(port(async () => ({ identifier: "bare" }))).read("bare");
  expect([bare?.has("tier"), bare?.targetOf("team")]).toEqual([false, undefined]);
});

test("a blueprint is read once a minute, and again at once where that failed", async () => {
  let now = 0;
  let reads = 0;
  const blueprints = createBlueprints(
    port(async () => {
      if (++reads === 1) throw new Error("away");
      return {};
    }),
    () => now,
  );
  expect(await rejection(blueprints.read("service"))).toMatchObject({ message: "away" });
  await Promise.all([blueprints.read("service"), blueprints.read("service")]);
  now = 59_000;
  await blueprints.read("service");
  expect(reads).toBe(2);
  now = 61_000;
  await blueprints.read("service");
  expect(reads).toBe(3);
});
