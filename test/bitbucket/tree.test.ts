import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type BitbucketSimulator,
  type BitbucketSimulatorOptions,
  type Broken,
  bitbucketDemoToken,
  startBitbucketSimulator,
} from "../../infra/local/simulators/bitbucket/server.ts";
import { type BitbucketClient, createBitbucketClient } from "../../lib/bitbucket/client.ts";
import { isOutOfTime, RequestError } from "../../lib/errors.ts";
import { rejection } from "../support/rejection.ts";

const repository = { kind: "repository", key: "MOPP", slug: "data-analyses" } as const;
const { key, slug } = repository;
let bitbucket: BitbucketSimulator;
let client: BitbucketClient;
let old: string;
let tip: string;
const tipNow = () => bitbucket.data.projects.get(key)?.repositories.get(slug)?.commits[0]?.id ?? "";

beforeAll(async () => {
  bitbucket = await startBitbucketSimulator();
  bitbucket.commit(key, slug, { "port.yml": "old", "a/gone.yml": "gone\n", "a/moves.yml": "moves\n" });
  old = tipNow();
  const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a]);
  const changes = { "port.yml": "neü", "a/gone.yml": null, "a b/ü#1?%.bin": bytes, "empty.yml": "" };
  bitbucket.commit(key, slug, changes, { moves: { "a/moves.yml": "b/moves.yml" } });
  tip = tipNow();
  bitbucket.commit(key, slug, { "port.yml": null });
});
afterAll(() => bitbucket.close());
beforeEach(() => {
  bitbucket.break(key, slug, {});
  client = createClient(bitbucket.url);
});

function createClient(host: string, timeoutMs = 15_000): BitbucketClient {
  const config = { host, authorization: `Bearer ${bitbucketDemoToken}`, concurrency: 8 };
  return createBitbucketClient(config, { maxWaitMs: 100, retries: 0, timeoutMs });
}

test("the paths of a commit are those of its files in all folders", async () => {
  const all = ["README.md", "a b/ü#1?%.bin", "b/moves.yml", "empty.yml", "port.yml"];
  expect(await client.paths(repository, tip)).toEqual(all);
});

test("the changes between two commits name every file that was touched, a moved one twice", async () => {
  const { paths = [], isComplete } = (await client.changes(repository, old, tip)) ?? {};
  const touched = ["a b/ü#1?%.bin", "a/gone.yml", "a/moves.yml", "b/moves.yml", "empty.yml", "port.yml"];
  expect([[...paths].sort(), isComplete]).toEqual([touched, true]);
});

test("a commit that is not there has no paths, and no changes to or from it", async () => {
  const none = "e".repeat(40);
  expect(await client.paths(repository, none)).toBeUndefined();
  expect(await client.changes(repository, none, tip)).toBeUndefined();
  expect(await client.changes(repository, tip, none)).toBeUndefined();
});

describe("a file at a commit", () => {
  test.each([
    ["port.yml", 100, Buffer.from("neü"), true],
    ["port.yml", 4, Buffer.from("neü"), true],
    ["port.yml", 3, Buffer.from("neü").subarray(0, 3), false],
    ["a b/ü#1?%.bin", 100, Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a]), true],
    ["empty.yml", 100, Buffer.alloc(0), true],
  ])(
    "%s with at most %i bytes comes as it is, and says whether it is whole",
    async (path, most, bytes, isWhole) => {
      expect(await client.fileAt(repository, path, tip, most)).toEqual({ is: "here", bytes, isWhole });
    },
  );

  test("that this commit has not is missing, though others have it", async () => {
    expect(await client.fileAt(repository, "a/gone.yml", tip, 100)).toEqual({ is: "missing" });
    expect(await client.fileAt(repository, "a/gone.yml", old, 100)).toMatchObject({ is: "here" });
  });

  test("is not said to be missing where the commit or the repository is", async () => {
    const code = async (answer: Promise<unknown>) => ((await rejection(answer)) as RequestError).failure.code;
    expect(await code(client.fileAt(repository, "port.yml", "e".repeat(40), 100))).toBe(
      "NoSuchCommitException",
    );
    const other = { ...repository, slug: "nope" };
    expect(await code(client.fileAt(other, "port.yml", tip, 100))).toBe("NoSuchRepositoryException");
    expect(await code(client.paths(other, tip))).toBe("NoSuchRepositoryException");
    expect(await code(client.changes(other, old, tip))).toBe("NoSuchRepositoryException");
  });

  test.each(["", "/port.yml", "a//b", "a/", "../port.yml", "a/../b", "./port.yml", "a/."])(
    "is not asked for at the path %j",
    async (path) => {
      const before = bitbucket.calls.length;
      await expect(async () => client.fileAt(repository, path, tip, 100)).rejects.toThrow(TypeError);
      expect(bitbucket.calls).toHaveLength(before);
    },
  );
});

const listings = ["files", "changes"] as const;
const ask = {
  files: () => client.paths(repository, tip),
  changes: () => client.changes(repository, old, tip),
  raw: () => client.fileAt(repository, "port.yml", tip, 100),
};

describe("an answer that is none is an error", () => {
  const everywhere: readonly NonNullable<Broken["raw"]>[] = [
    204,
    400,
    401,
    403,
    409,
    500,
    "nameless-401",
    "nameless-403",
    "nameless-404",
    "page",
    "page-404",
    "cut",
    "never-ends",
    { status: 404, body: { message: "null for uri", "status-code": 404 } },
    { status: 404, body: { errors: [{ exceptionName: "com.example.NoSuchPathExceptionHandler" }] } },
    { status: 302, headers: { location: "/login" } },
    { status: 503, body: "down" },
  ];
  const ways = (["raw", ...listings] as const).flatMap((part) =>
    everywhere.map((way) => [part, way] as const),
  );

  test.each([
    ...ways,
    ["files", 404],
    ["changes", 404],
    ["raw", "no-such-commit"],
    ["files", "cut-unnoticed"],
    ["changes", "cut-unnoticed"],
    ["files", "no-next-page"],
    ["files", "same-page"],
    ["files", { status: 200, body: {} }],
    ["files", { status: 200, body: { values: ["a"] } }],
    ["files", { status: 200, body: { values: [{ path: "a" }], isLastPage: true } }],
    ["files", { status: 200, body: { values: ["a", ""], isLastPage: true } }],
    ["changes", { status: 200, body: { values: [] } }],
    ["changes", { status: 200, body: [] }],
  ] as const)("of %s: %j", async (part, way) => {
    if (way === "never-ends") client = createClient(bitbucket.url, 500);
    bitbucket.break(key, slug, { [part]: way });
    const error = await rejection(ask[part]());
    expect(error).toBeInstanceOf(RequestError);
    expect(isOutOfTime(error)).toBe(false);
  });
});

test.each(listings)("a commit that Bitbucket denies is not there: %s", async (part) => {
  bitbucket.break(key, slug, { [part]: "no-such-commit" });
  expect(await ask[part]()).toBeUndefined();
});

test("an empty listing is one: whoever asks knows whether that can be", async () => {
  bitbucket.break(key, slug, { files: "empty", changes: "empty" });
  expect(await ask.files()).toEqual([]);
  expect(await ask.changes()).toEqual({ paths: [], isComplete: true });
});

test("a web page is no file's content, even where answers do not say whom they are for", async () => {
  const { data } = bitbucket;
  const other = await startBitbucketSimulator({ data, usernameHeader: "never" });
  client = createClient(other.url);
  expect(await ask.raw()).toMatchObject({ is: "here" });
  bitbucket.break(key, slug, { raw: "page" });
  expect(await rejection(ask.raw())).toMatchObject({ failure: { code: "unexpected_answer" } });
  await other.close();
});

describe("of a server with small caps and other habits", () => {
  const many = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`many/${index}.yml`, `${index}\n`]),
  );
  let before: string;
  let after: string;
  beforeAll(() => {
    before = tipNow();
    bitbucket.commit(key, slug, many, { moves: { "b/moves.yml": "moved.yml" } });
    after = tipNow();
  });

  async function on<T>(options: BitbucketSimulatorOptions, asks: () => Promise<T>): Promise<T> {
    const other = await startBitbucketSimulator({ data: bitbucket.data, ...options });
    client = createClient(other.url);
    return asks().finally(() => other.close());
  }
  const changes = () => client.changes(repository, before, after);

  test.each<[string, BitbucketSimulatorOptions]>([
    ["pages of paths are small", { filesCap: 5 }],
    ["pages of paths are as many as fit", { filesCap: 8 }],
    ["pages count what nobody may see", { filesCap: 5, pageGaps: true }],
  ])("all paths come where %s", async (_, options) => {
    expect(await on(options, () => client.paths(repository, after))).toHaveLength(16);
  });

  test.each<[string, BitbucketSimulatorOptions, number, boolean]>([
    ["all are told on one page", {}, 14, true],
    ["paths are told by their components", { pathText: false }, 14, true],
    ["a move is told as a deletion and an addition", { detectMoves: false }, 14, true],
    ["pages are small", { pageCap: 5 }, 14, true],
    ["pages count what nobody may see", { pageCap: 5, pageGaps: true }, 14, true],
    ["the last page is full, which a cap could have made it", { pageCap: 13 }, 14, false],
    ["the cap is the last page", { changesCap: 10, pageCap: 10 }, 10, false],
    ["an empty page is behind the cap", { changesCap: 10, pageCap: 10, changesCut: "empty-page" }, 10, false],
    ["no page is behind the cap", { changesCap: 10, changesCut: "no-next-page" }, 10, false],
  ])("changes are complete or not where %s", async (_, options, count, isComplete) => {
    const told = await on(options, changes);
    expect([told?.paths.length, told?.isComplete]).toEqual([count, isComplete]);
  });

  test.each<BitbucketSimulatorOptions>([
    { changesCut: "last-page" },
    { changesCut: "last-page", pageCap: 300 },
    { changesCut: "empty-page" },
    { changesCut: "no-next-page" },
  ])("more than a thousand changes are never all: %j", async (options) => {
    const files = Array.from({ length: 1_100 }, (_, index) => [`more/${index}`, "x"] as const);
    const from = tipNow();
    bitbucket.commit(key, slug, Object.fromEntries(files), { branch: "more" });
    const to = bitbucket.data.projects.get(key)?.repositories.get(slug)?.git.branches.get("more") ?? "";
    const told = await on(options, () => client.changes(repository, from, to));
    expect(told?.isComplete).toBe(false);
  });

  test("a path that was copied counts, and what it was copied from does not", async () => {
    const from = tipNow();
    bitbucket.commit(key, slug, {}, { copies: { "many/1.yml": "copy.yml" } });
    expect(await client.changes(repository, from, tipNow())).toEqual({
      paths: ["copy.yml"],
      isComplete: true,
    });
  });

  test.each<[string, unknown]>([
    ["no path", { type: "MODIFY" }],
    ["a path without a name", { path: { components: [] } }],
    ["a path of odd parts", { path: { components: ["a", 1] } }],
    ["a path that is none", { path: "a" }],
    ["nothing", null],
  ])("a change with %s makes them incomplete", async (_, odd) => {
    const values = [{ path: { components: ["a", "b.yml"] } }, odd, { path: { toString: "c.yml" } }];
    bitbucket.break(key, slug, { changes: { status: 200, body: { values, isLastPage: true } } });
    expect(await changes()).toEqual({ paths: ["a/b.yml", "c.yml"], isComplete: false });
  });

  test("commits that the server has forgotten are not there", async () => {
    bitbucket.forcePush(key, slug, { "port.yml": "anew" });
    expect(await changes()).toMatchObject({ isComplete: true });
    bitbucket.deleteBranch(key, slug, "more");
    bitbucket.collectGarbage(key, slug);
    expect(await changes()).toBeUndefined();
    expect(await client.changes(repository, before, tipNow())).toBeUndefined();
    expect(await client.paths(repository, tipNow())).toEqual(["port.yml"]);
  });
});

test("a late answer is one", async () => {
  bitbucket.break(key, slug, { files: { afterMs: 20 } });
  expect(await client.paths(repository, tipNow())).toEqual(["port.yml"]);
});
