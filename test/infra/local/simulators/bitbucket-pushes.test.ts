import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BitbucketSimulator } from "../../../../infra/local/simulators/bitbucket/server.ts";
import { type Body, started } from "./bitbucket-support.ts";

const [key, slug] = ["MOPP", "data-analyses"];
const nothing = "0".repeat(40);
let bitbucket: BitbucketSimulator;
beforeEach(async () => {
  ({ bitbucket } = await started());
});
afterEach(() => bitbucket.close());

const model = () => bitbucket.data.projects.get(key)?.repositories.get(slug);
const tip = (branch = "main") => model()?.git.branches.get(branch) ?? "";
const changesOf = (payload: Body) =>
  payload.changes.map(({ type, ref, refId, fromHash, toHash }: Body) => {
    expect([ref.id, refId]).toEqual([
      `refs/${ref.type === "TAG" ? "tags" : "heads"}/${ref.displayId}`,
      refId,
    ]);
    return [type, refId, fromHash, toHash];
  });

describe("what a webhook hears of", () => {
  it("a commit: where its branch was and is", () => {
    const before = tip();
    const payload: Body = bitbucket.commit(
      key,
      slug,
      { "port.yml": "a" },
      { message: "Add", by: "ada.birch" },
    );
    expect(changesOf(payload)).toEqual([["UPDATE", "refs/heads/main", before, tip()]]);
    expect(payload.toCommit).toMatchObject({ id: tip(), message: "Add", author: { slug: "ada.birch" } });
    expect(payload).toMatchObject({
      eventKey: "repo:refs_changed",
      repository: { slug },
      commits: [{ id: tip() }],
    });
    expect(model()?.files.get("port.yml")).toBe("a");
  });

  it("branches and tags: 40 zeros where they were or are not", () => {
    const main = tip();
    expect(changesOf(bitbucket.createBranch(key, slug, "dev"))).toEqual([
      ["ADD", "refs/heads/dev", nothing, main],
    ]);
    expect(changesOf(bitbucket.tag(key, slug, "v1", "dev"))).toEqual([
      ["ADD", "refs/tags/v1", nothing, main],
    ]);
    bitbucket.commit(key, slug, { a: "1" }, { branch: "dev" });
    const dev = tip("dev");
    expect(changesOf(bitbucket.tag(key, slug, "v1", "dev"))).toEqual([["UPDATE", "refs/tags/v1", main, dev]]);
    expect(changesOf(bitbucket.deleteTag(key, slug, "v1"))).toEqual([
      ["DELETE", "refs/tags/v1", dev, nothing],
    ]);
    const payload: Body = bitbucket.deleteBranch(key, slug, "dev");
    expect(changesOf(payload)).toEqual([["DELETE", "refs/heads/dev", dev, nothing]]);
    expect(payload).toMatchObject({ commits: [], toCommit: null });
    expect(model()?.files.has("a")).toBe(false);
  });

  it("a forced push: as of any other", () => {
    const first = tip();
    bitbucket.commit(key, slug, { "port.yml": "a" });
    const second = tip();
    expect(changesOf(bitbucket.forcePush(key, slug, first))).toEqual([
      ["UPDATE", "refs/heads/main", second, first],
    ]);
    expect(model()?.files.has("port.yml")).toBe(false);
    bitbucket.forcePush(key, slug, { "new.yml": "n" });
    expect([...(model()?.files.keys() ?? [])]).toEqual(["new.yml"]);
    expect(model()?.commits).toHaveLength(1);
    expect(() => bitbucket.forcePush(key, slug, "f".repeat(40))).toThrow(/has no f+/);
  });

  it("several branches in one push, of none, and of the newest five commits", () => {
    const payload: Body = bitbucket.pushTogether(key, slug, () => {
      for (let number = 0; number < 7; number++) bitbucket.commit(key, slug, { number: String(number) });
      bitbucket.createBranch(key, slug, "other");
      bitbucket.tag(key, slug, "v2");
    });
    expect(changesOf(payload).map(([type, id]: string[]) => [type, id])).toEqual([
      ["UPDATE", "refs/heads/main"],
      ["ADD", "refs/heads/other"],
      ["ADD", "refs/tags/v2"],
    ]);
    expect(payload.commits.map(({ id }: Body) => id)).toEqual(
      model()
        ?.commits.slice(0, 5)
        .map(({ id }) => id),
    );
    expect(changesOf(bitbucket.pushTogether(key, slug, () => undefined))).toEqual([]);
  });

  it("nothing of commits before version 7", async () => {
    await bitbucket.close();
    ({ bitbucket } = await started({ version: "6.10.1" }));
    const payload = bitbucket.push(key, slug);
    expect(payload).toHaveProperty("changes");
    expect(payload).not.toHaveProperty("commits");
    expect(payload).not.toHaveProperty("toCommit");
  });
});

it("a commit may move, copy, swap and remove files, and put a folder in a file's place", () => {
  const paths = () => Object.fromEntries(model()?.files ?? []);
  bitbucket.forcePush(key, slug, { a: "A", b: "B", c: "C", "d/e": "E" });
  const moves = { a: "b", b: "a" };
  bitbucket.commit(key, slug, { c: null, "d/e": "EE", "copy/a": "AA" }, { moves, copies: { a: "copy/b" } });
  expect(paths()).toEqual({ a: "B", b: "A", "d/e": "EE", "copy/a": "AA", "copy/b": "A" });
  bitbucket.commit(key, slug, { d: "file", "a/b": "folder" });
  expect(paths()).toEqual({ b: "A", "copy/a": "AA", "copy/b": "A", d: "file", "a/b": "folder" });
  expect(() => bitbucket.commit(key, slug, { nope: null })).toThrow(/no file nope/);
  expect(() => bitbucket.commit(key, slug, {}, { moves: { nope: "x" } })).toThrow(/no file nope/);
});

it("what neither a branch nor a tag leads to is there until it is collected", () => {
  const first = tip();
  bitbucket.commit(key, slug, { a: "1" });
  const lost = tip();
  bitbucket.forcePush(key, slug, first);
  bitbucket.tag(key, slug, "kept", lost);
  bitbucket.collectGarbage(key, slug);
  expect(model()?.git.commits.has(lost)).toBe(true);
  bitbucket.deleteTag(key, slug, "kept");
  expect(model()?.git.commits.has(lost)).toBe(true);
  bitbucket.collectGarbage(key, slug);
  expect(model()?.git.commits.has(lost)).toBe(false);
  expect(model()?.git.commits.has(first)).toBe(true);
});

it("a fork has the history of its origin, and goes its own way from there", () => {
  bitbucket.createProject({ key: "NEW", name: "New" });
  bitbucket.forkRepository(key, slug, "NEW");
  const fork = bitbucket.data.projects.get("NEW")?.repositories.get(slug);
  expect(fork?.commits).toEqual(model()?.commits);
  bitbucket.commit("NEW", slug, { own: "1" });
  fork?.files.set("by-hand", "2");
  expect([fork?.commits.length, model()?.commits.length]).toEqual([4, 3]);
  expect([...(model()?.files.keys() ?? [])]).toEqual(["README.md"]);
});
