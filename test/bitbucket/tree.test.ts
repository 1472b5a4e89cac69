import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type BitbucketSimulator,
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

function createClient(host: string): BitbucketClient {
  const config = { host, authorization: `Bearer ${bitbucketDemoToken}`, concurrency: 8 };
  return createBitbucketClient(config, { maxWaitMs: 100, retries: 0, timeoutMs: 500 });
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

test("a late answer is one", async () => {
  bitbucket.break(key, slug, { files: { afterMs: 20 } });
  expect(await ask.files()).toHaveLength(5);
});
