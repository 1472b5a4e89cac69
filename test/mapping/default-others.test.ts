import { describe, expect, it } from "vitest";
import { kinds } from "../../lib/bitbucket/objects.ts";
import type { Json, JsonObject } from "../../lib/json.ts";
import { loadMapper } from "../../lib/mapping/load.ts";
import { onlyEntity, sent } from "../support/mapping.ts";
import { project, repository, user } from "../support/payloads.ts";

const mapper = await loadMapper("default");
const commit = (author: Json): JsonObject => ({ id: "a".repeat(40), author, message: "m" });
const ofRepository = (overrides: JsonObject) =>
  onlyEntity(mapper, "repository", { ...repository("PRJ", "app"), ...overrides });

describe("the default mapping of a repository", () => {
  it("takes over what an event shows and leaves the rest as it is", () => {
    expect(sent(ofRepository({}))).toEqual({
      identifier: "PRJ/app",
      title: "Repository app",
      blueprint: "bitbucketRepository",
      properties: {
        forkable: true,
        description: "About app",
        public: false,
        state: "AVAILABLE",
        link: "https://bitbucket.example.org/projects/PRJ/repos/app/browse",
      },
      relations: { project: "PRJ" },
    });
  });

  it("takes over the README and the latest commit's author when they were looked up", () => {
    const entity = ofRepository({ __readme: "# App", __latestCommit: commit(user("ann")) });
    expect(entity.properties["documentation"]).toBe("# App");
    expect(entity.relations["latestCommitAuthor"]).toBe("ann@example.org");
    expect(entity.enriched).toEqual(["documentation", "latestCommitAuthor"]);
  });

  it("clears them when they were looked up and are not there", () => {
    const entity = ofRepository({ __readme: null, __latestCommit: null });
    expect(entity.properties["documentation"]).toBeNull();
    expect(entity.relations["latestCommitAuthor"]).toBeNull();
  });

  it.each<[string, Json, string | null]>([
    ["an author without e-mail", { slug: "ann", name: "ann" }, "ann"],
    ["an author who is no user", { name: "Ann" }, null],
    ["no author", null, null],
  ])("knows %s", (_, author, expected) => {
    const entity = ofRepository({ __latestCommit: commit(author) });
    expect(entity.relations["latestCommitAuthor"]).toBe(expected);
    expect(entity.properties).not.toHaveProperty("documentation");
  });

  it("says what it needs to be looked up", () => {
    expect(kinds.map((kind) => mapper.reads(kind, "__readme"))).toEqual([false, false, true, false]);
    expect(kinds.map((kind) => mapper.reads(kind, "__latestCommit"))).toEqual([false, false, true, false]);
  });

  it("has a description only as long as there is one, and null for what is not told", () => {
    const bare = { slug: "app", project: { key: "PRJ" } };
    expect(sent(onlyEntity(mapper, "repository", bare))).toEqual({
      identifier: "PRJ/app",
      title: "app",
      blueprint: "bitbucketRepository",
      properties: { forkable: null, description: null, public: false, state: null },
      relations: { project: "PRJ" },
    });
  });
});

describe("the default mapping of a project", () => {
  it("takes everything over", () => {
    expect(sent(onlyEntity(mapper, "project", project("PRJ", { public: true })))).toEqual({
      identifier: "PRJ",
      title: "Project PRJ",
      blueprint: "bitbucketProject",
      properties: {
        public: true,
        description: "About PRJ",
        type: "NORMAL",
        link: "https://bitbucket.example.org/projects/PRJ",
      },
      relations: {},
    });
  });

  it("takes a personal one, which says neither whether it is public nor what it is for", () => {
    const personal = { key: "~ann", id: 5, name: "User ann", type: "PERSONAL", owner: user("ann") };
    expect(sent(onlyEntity(mapper, "project", personal))).toEqual({
      identifier: "~ann",
      title: "User ann",
      blueprint: "bitbucketProject",
      properties: { public: false, description: null, type: "PERSONAL" },
      relations: {},
    });
  });
});

describe("the default mapping of a user", () => {
  it("takes everything over", () => {
    expect(sent(onlyEntity(mapper, "user", user("ann")))).toEqual({
      identifier: "ann@example.org",
      title: "User ann",
      blueprint: "bitbucketUser",
      properties: { username: "ann", url: "https://bitbucket.example.org/users/ann" },
      relations: {},
    });
  });

  it.each<[JsonObject, string]>([
    [user("svc", { mail: false }), "svc"],
    [{ ...user("svc"), emailAddress: null }, "svc"],
    [{ ...user("svc"), emailAddress: "" }, "svc"],
    [{ name: "Svc.User", slug: "svc.user" }, "svc.user"],
    [{ name: "Svc User" }, "Svc User"],
  ])("of %j is identified by the best that there is", (object, identifier) => {
    expect(onlyEntity(mapper, "user", object).identifier).toBe(identifier);
  });

  it("always has the user name that Port requires", () => {
    for (const object of [{ slug: "s" }, { name: "n" }, { emailAddress: "e@example.org" }, user("ann")]) {
      const { properties, identifier } = onlyEntity(mapper, "user", object);
      expect([identifier, properties["username"]].map((it) => typeof it)).toEqual(["string", "string"]);
    }
  });

  it("of nobody is left out, and that is told", () => {
    expect(mapper.map("user", [{ displayName: "Ghost" }, user("ann")])).toMatchObject([
      { entities: [], unidentified: "empty" },
      { entities: [{ identifier: "ann@example.org" }] },
    ]);
  });
});
