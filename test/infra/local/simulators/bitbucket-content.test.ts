import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BitbucketSimulator } from "../../../../infra/local/simulators/bitbucket/server.ts";
import { type Body, type Client, started } from "./bitbucket-support.ts";

const [key, slug] = ["SHOP", "drawing-board"];
const at = `projects/${key}/repos/${slug}`;
let bitbucket: BitbucketSimulator;
let call: Client;
const commits: string[] = [];
const repository = () => bitbucket.data.projects.get(key)?.repositories.get(slug);
const named = (name: string) => `com.atlassian.bitbucket.${name}`;
const exceptionOf = (body: Body) => body.errors?.[0].exceptionName;
const module = "1".repeat(40);

beforeAll(async () => {
  ({ bitbucket, call } = await started());
  const first = {
    "port.yml": "a: 1\nb: 2\nc: 3\n",
    "docs/a.md": "# A\n",
    "docs/deep/ü b.md": "B\n",
    "Z.md": "z\n",
  };
  const second = { "docs/a.md": "# AA\n", "Z.md": null, "bin.dat": Buffer.from([0xff, 0x00]) };
  const third = { "link.md": { symlink: "docs/a.md" }, "lib/other": { submodule: module } };
  const tip = () => commits.push(repository()?.commits[0]?.id ?? "");
  bitbucket.commit(key, slug, first);
  tip();
  bitbucket.commit(key, slug, second, { moves: { "port.yml": "docs/port.yml" } });
  tip();
  bitbucket.commit(key, slug, third, { copies: { "docs/port.yml": "copy.yml" } });
  tip();
  bitbucket.createBranch(key, slug, "feature/main", commits[0]);
  bitbucket.tag(key, slug, "v1", commits[1]);
});
afterAll(() => bitbucket.close());

async function values(path: string): Promise<Body[]> {
  const { status, body } = await call("GET", `${at}/${path}`);
  expect([path, status]).toEqual([path, 200]);
  return body.values;
}

describe("files", () => {
  const all = [
    "bin.dat",
    "copy.yml",
    "docs/a.md",
    "docs/deep/ü b.md",
    "docs/port.yml",
    "lib/other",
    "link.md",
  ];
  it.each([
    ["files?limit=100", all],
    ["files/docs?limit=100", ["a.md", "deep/ü b.md", "port.yml"]],
    ["files/docs/deep", ["ü b.md"]],
    ["files?at=refs/heads/feature/main", ["Z.md", "docs/a.md", "docs/deep/ü b.md", "port.yml"]],
    ["files?at=feature/main&limit=1", ["Z.md"]],
    ["files?at=feature/main&limit=2&start=3", ["port.yml"]],
    ["files/docs?at=refs/tags/v1", ["a.md", "deep/ü b.md", "port.yml"]],
    ["files/docs?at=v1&limit=1", ["a.md"]],
  ])("%s are paths beneath the folder, in the order of their bytes", async (path, paths) => {
    expect(await values(path)).toEqual(paths);
  });
});

it.each([
  ["raw/port.yml?at=feature/main", "a: 1\nb: 2\nc: 3\n"],
  ["raw/docs/a.md", "# AA\n"],
  ["raw/docs/deep/%C3%BC%20b.md", "B\n"],
  ["raw/link.md", "docs/a.md"],
])("%s is the content", async (path, text) => {
  expect(await call("GET", `${at}/${path}`)).toMatchObject({ status: 200, body: text });
});

it.each([
  ["browse?type=true", { type: "DIRECTORY" }],
  ["browse/docs?type=true", { type: "DIRECTORY" }],
  ["browse/lib/other?type=true", { type: "SUBMODULE" }],
  ["browse/link.md?type=true", { type: "FILE" }],
  ["browse/docs/a.md?size=true", { size: 5 }],
  ["browse/docs/a.md?type=1", { lines: [{ text: "# AA" }], isLastPage: true }],
])("%s says what is there", async (path, body) => {
  expect((await call("GET", `${at}/${path}`)).body).toMatchObject(body);
});

it("browsing a folder shows what lies directly in it", async () => {
  const { body } = await call("GET", `${at}/browse/docs?limit=2`);
  expect(body).toMatchObject({ path: { components: ["docs"] }, revision: commits[2] });
  expect(body.children).toMatchObject({ size: 2, isLastPage: false });
  expect(body.children.values).toMatchObject([
    { path: { name: "a.md", extension: "md" }, type: "FILE", size: 5 },
    { path: { name: "deep" }, type: "DIRECTORY" },
  ]);
});

describe("changes", () => {
  const short = (all: Body[]) =>
    all.map(({ type, path, srcPath }) => [type, path.toString, srcPath?.toString]);
  const secondChanges = [
    ["DELETE", "Z.md", undefined],
    ["ADD", "bin.dat", undefined],
    ["MODIFY", "docs/a.md", undefined],
    ["MOVE", "docs/port.yml", "port.yml"],
  ];
  const thirdChanges = [
    ["COPY", "copy.yml", "docs/port.yml"],
    ["ADD", "lib/other", undefined],
    ["ADD", "link.md", undefined],
  ];

  it.each([
    ["the parent", () => `until=${commits[1]}`, secondChanges],
    ["the parent, by a tag", () => "until=v1", secondChanges],
    ["the parent, by a branch", () => "until=refs/heads/main", thirdChanges],
    ["another commit", () => `since=${commits[1]}&until=${commits[2]}`, thirdChanges],
    ["itself", () => `since=${commits[1]}&until=${commits[1]}`, []],
    [
      "what came later",
      () => `since=${commits[2]}&until=${commits[1]}`,
      [
        ["DELETE", "copy.yml", undefined],
        ["DELETE", "lib/other", undefined],
        ["DELETE", "link.md", undefined],
      ],
    ],
  ])("are those since %s", async (_, query, changes) => {
    expect(short(await values(`changes?${query()}`))).toEqual(changes);
  });

  it("of the first commit are all of its files", async () => {
    const { body } = await call("GET", `${at}/changes?until=${commits[0]}`);
    expect(body).toMatchObject({ fromHash: "0".repeat(40), toHash: commits[0], size: 4 });
    expect(body.values.every(({ type }: Body) => type === "ADD")).toBe(true);
  });

  it("tell contents apart by their ids, and a submodule from a file", async () => {
    const [, module] = await values(`changes?until=${commits[2]}`);
    expect(module).toMatchObject({ nodeType: "SUBMODULE", contentId: "1".repeat(40) });
    const [gone, , changed, moved] = await values("changes?until=v1");
    expect(gone).toMatchObject({ contentId: "0".repeat(40), nodeType: "FILE" });
    // As `git hash-object` has it.
    expect(changed.contentId).toBe("d29639c2b07038c3a8d99c3cd1d577cf1a590498");
    expect(changed.fromContentId).not.toBe(changed.contentId);
    expect(moved).toMatchObject({ contentId: moved.fromContentId, percentUnchanged: 100 });
  });

  it("know a file that was moved and edited by the lines that stayed", async () => {
    bitbucket.createBranch(key, slug, "moves", commits[0]);
    const moves = { "port.yml": "moved.yml", "Z.md": "other.md" };
    bitbucket.commit(
      key,
      slug,
      { "moved.yml": "a: 1\nb: 2\nd: 4\n", "other.md": "new\n" },
      { branch: "moves", moves },
    );
    const changes = await values("changes?until=moves");
    expect(short(changes)).toEqual([
      ["DELETE", "Z.md", undefined],
      ["MOVE", "moved.yml", "port.yml"],
      ["ADD", "other.md", undefined],
    ]);
    expect(changes[1].percentUnchanged).toBe(67);
  });
});

it.each([
  ["commits", () => [...commits].reverse()],
  ["commits?limit=1", () => [commits[2]]],
  ["commits?until=v1", () => [commits[1], commits[0]]],
  ["commits?until=refs/heads/feature/main", () => [commits[0]]],
  ["commits?since=feature/main&until=main", () => [commits[2], commits[1]]],
  ["commits?path=docs/a.md", () => [commits[1], commits[0]]],
  ["commits?path=docs/deep", () => [commits[0]]],
  ["commits?path=Z.md&limit=1", () => [commits[1]]],
])("%s are the right ones, newest first", async (path, ids) => {
  expect((await values(path)).map(({ id }) => id)).toEqual(ids());
});

it.each([
  ["files?at=refs/heads/nope", 404, "NoSuchObjectException"],
  ["raw/Z.md?at=refs/tags/main", 404, "NoSuchObjectException"],
  [`files?at=${"e".repeat(40)}`, 404, "commit.NoSuchCommitException"],
  [`raw/port.yml?at=${"e".repeat(40)}`, 404, "commit.NoSuchCommitException"],
  [`changes?until=${"e".repeat(40)}`, 404, "commit.NoSuchCommitException"],
  [`changes?until=main&since=${"0".repeat(40)}`, 404, "commit.NoSuchCommitException"],
  ["commits?until=nope", 404, "commit.NoSuchCommitException"],
  ["raw/Z.md", 404, "content.NoSuchPathException"],
  ["browse/Z.md", 404, "content.NoSuchPathException"],
  ["files/nope", 404, "content.NoSuchPathException"],
  ["raw/docs%2Fa.md%00", 404, "content.NoSuchPathException"],
  ["files/docs/a.md", 400, undefined],
  ["raw/docs", 400, undefined],
  ["raw/lib/other", 400, undefined],
  ["changes?since=main", 400, undefined],
] as const)("%s is refused with %i and %s", async (path, status, exception) => {
  const reply = await call("GET", `${at}/${path}`);
  const name = exception === undefined ? null : named(exception);
  expect([reply.status, exceptionOf(reply.body)]).toEqual([status, name]);
});

describe("branches", () => {
  it("are listed with their tips, the default one marked", async () => {
    const branches = await values("branches?filterText=main");
    expect(branches.map((one) => [one.id, one.latestCommit, one.isDefault])).toEqual([
      ["refs/heads/main", commits[2], true],
      ["refs/heads/feature/main", commits[0], false],
    ]);
  });

  it("a default branch that is not there is told as that", async () => {
    bitbucket.setDefaultBranch(key, slug, "next");
    for (const path of [
      "default-branch",
      "branches/default",
      "commits",
      "files",
      "raw/port.yml",
      "browse/port.yml",
    ]) {
      const { status, body } = await call("GET", `${at}/${path}`);
      expect([path, status, exceptionOf(body)]).toEqual([
        path,
        404,
        named("repository.NoDefaultBranchException"),
      ]);
    }
    expect(await values("files?at=v1&limit=1")).toEqual(["bin.dat"]);
    expect((await call("GET", at)).status).toBe(200);
    bitbucket.setDefaultBranch(key, slug, "feature/main");
    expect((await call("GET", `${at}/default-branch`)).body.id).toBe("refs/heads/feature/main");
    expect(repository()?.files.get("Z.md")).toBe("z\n");
    bitbucket.setDefaultBranch(key, slug, "main");
  });

  it("older versions know the default one at its older address only", async () => {
    const { data } = bitbucket;
    const old = await started({ data, version: "5.16.11" });
    expect((await old.call("GET", `${at}/default-branch`)).body).toMatchObject({ "status-code": 404 });
    expect((await old.call("GET", `${at}/branches/default`)).body.latestCommit).toBe(commits[2]);
    await old.bitbucket.close();
  });
});
