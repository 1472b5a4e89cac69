import { describe, expect, it } from "vitest";
import { parseEvent } from "../../lib/bitbucket/events.ts";
import type { Json, JsonObject } from "../../lib/json.ts";
import { event, project, repository, start, user } from "../support/payloads.ts";

const address = { kind: "repository", key: "PRJ", slug: "app" };
const [oldHash, newHash, otherHash, noHash] = ["a", "b", "c", "0"].map((digit) => digit.repeat(40));
const change = (type: string, toHash: string | undefined): JsonObject => ({
  ref: { id: "refs/heads/main", displayId: "main", type: "BRANCH" },
  refId: "refs/heads/main",
  fromHash: oldHash ?? "",
  toHash: toHash ?? "",
  type,
});
const object = repository("PRJ", "app");

describe("an event about a repository", () => {
  it("repo:refs_changed names the commits that branches point to now, not those that are gone", () => {
    const changes = [change("UPDATE", newHash), change("ADD", otherHash), change("DELETE", noHash)];
    const payload = event("repo:refs_changed", { repository: object, changes, commits: [], toCommit: null });
    const branches = [newHash, otherHash, noHash].map((to) => ({ id: "refs/heads/main", from: oldHash, to }));
    expect(parseEvent(payload)).toEqual({
      event: {
        key: "repo:refs_changed",
        date: start,
        change: { type: "see", address, object, hashes: [newHash, otherHash], branches },
      },
    });
  });

  it.each<[string, Json | undefined]>([
    ["no changes", []],
    ["null for changes", null],
    ["changes missing", undefined],
    ["nothing but deletions", [change("DELETE", noHash)]],
    ["changes that say nothing", [null, {}, { toHash: null }, "x"]],
  ])("repo:refs_changed with %s is about the repository alone", (_, changes) => {
    const payload = event("repo:refs_changed", {
      repository: object,
      ...(changes === undefined ? {} : { changes }),
    });
    expect(parseEvent(payload)).toMatchObject({ event: { change: { type: "see", address, object } } });
    expect(JSON.stringify(parseEvent(payload))).not.toContain("hashes");
  });

  const tag = { refId: "refs/tags/v1", fromHash: noHash ?? "", toHash: newHash ?? "", type: "ADD" };
  const { refId: _, ...withoutRefId } = change("UPDATE", newHash);
  const { ref: __, ...withoutRef } = change("UPDATE", newHash);
  const branch = { id: "refs/heads/main", from: oldHash, to: newHash };
  it.each<[string, JsonObject, unknown]>([
    ["branches and tags", { changes: [tag, change("UPDATE", newHash)] }, [branch]],
    ["tags alone", { changes: [tag] }, []],
    ["changes without refId", { changes: [withoutRefId] }, [branch]],
    ["changes without ref", { changes: [withoutRef] }, [branch]],
    [
      "a branch whose name begins like a tag's",
      {
        changes: [{ ...tag, refId: "refs/heads/refs/tags/v1" }],
      },
      [{ id: "refs/heads/refs/tags/v1", from: noHash, to: newHash }],
    ],
    ["no changes", { changes: [] }, undefined],
    ["changes missing", {}, undefined],
    [
      "one change that names nothing",
      { changes: [change("UPDATE", newHash), { toHash: newHash ?? "" }] },
      undefined,
    ],
    ["one change without its commits", { changes: [{ refId: "refs/heads/main" }] }, undefined],
    [
      "more changes than are told",
      { changes: [change("UPDATE", newHash)], refLimitExceeded: true },
      undefined,
    ],
  ])(
    "a push with %s says which branches it touched, or nothing where it does not tell all",
    (_, body, branches) => {
      const parsed = parseEvent(event("repo:refs_changed", { repository: object, ...body }));
      expect(
        "event" in parsed && "branches" in parsed.event.change ? parsed.event.change.branches : undefined,
      ).toEqual(branches);
    },
  );

  it.each<[string, JsonObject]>([
    ["repo:comment:added", { comment: { id: 1, text: "Hm" }, commit: newHash ?? "" }],
    ["repo:comment:edited", { comment: { id: 1 }, commit: newHash ?? "", previousComment: "x" }],
    ["repo:comment:deleted", { comment: null, commit: newHash ?? "" }],
    ["mirror:repo_synchronized", { mirrorServer: { id: "M", name: "mirror" }, refLimitExceeded: false }],
  ])("%s is about the repository", (eventKey, body) => {
    const parsed = parseEvent(event(eventKey, { ...body, repository: object }));
    expect(parsed).toEqual({
      event: { key: eventKey, date: start, change: { type: "see", address, object } },
    });
  });

  it("may come without an actor, as mirrors send it, or without a date", () => {
    const payload = {
      eventKey: "mirror:repo_synchronized",
      repository: object,
      changes: [change("UPDATE", newHash)],
    };
    expect(parseEvent(payload)).toEqual({
      event: {
        key: "mirror:repo_synchronized",
        date: undefined,
        change: {
          type: "see",
          address,
          object,
          hashes: [newHash],
          branches: [{ id: "refs/heads/main", from: oldHash, to: newHash }],
        },
      },
    });
  });

  it("repo:forked is about the fork, not its origin", () => {
    const home = project("~ann", { type: "PERSONAL", owner: user("ann") });
    const fork = repository("~ann", "app-copy", { project: home, origin: object });
    expect(parseEvent(event("repo:forked", { repository: fork }))).toMatchObject({
      event: { change: { type: "see", address: { kind: "repository", key: "~ann", slug: "app-copy" } } },
    });
  });
});
