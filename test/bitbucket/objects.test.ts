import { describe, expect, it } from "vitest";
import {
  bareObject,
  field,
  pullRequestAddress,
  repositoryAddress,
  selfLink,
  textField,
} from "../../lib/bitbucket/objects.ts";
import type { JsonObject } from "../../lib/json.ts";
import { pullRequest, repository } from "../support/payloads.ts";

describe("an object's address", () => {
  it("of a pull request is in the repository that it goes to", () => {
    const fork = { ...repository("~ann", "fork") };
    const object = pullRequest(3, { fromRef: { repository: fork } });
    expect(pullRequestAddress(object)).toEqual({ kind: "pull-request", key: "PRJ", slug: "app", id: 3 });
  });

  it.each<[JsonObject]>([
    [{ id: "3" }],
    [{ id: 3.5 }],
    [{ id: null }],
    [{ id: 2 ** 60 }],
    [{ toRef: null }],
    [{ toRef: { repository: { slug: "app" } } }],
    [{ toRef: { repository: { slug: "", project: { key: "PRJ" } } } }],
    [{ toRef: { repository: { slug: "app", project: { key: 7 } } } }],
  ])("of a pull request with %j is not known", (overrides) => {
    expect(pullRequestAddress(pullRequest(3, overrides))).toBeUndefined();
  });

  it("is found again in the bare object that is made from it", () => {
    const pr = { kind: "pull-request", key: "~Ann", slug: "app", id: 0 } as const;
    const repo = { kind: "repository", key: "PRJ", slug: "app" } as const;
    expect(pullRequestAddress(bareObject(pr))).toEqual(pr);
    expect(repositoryAddress(bareObject(repo))).toEqual(repo);
    expect(bareObject({ kind: "project", key: "PRJ" })).toEqual({ key: "PRJ" });
  });
});

describe("fields", () => {
  it("of what is no object are not there", () => {
    for (const value of [undefined, null, "text", 1, [1]]) expect(field(value, "length")).toBeUndefined();
    expect(field({ a: null }, "a")).toBeNull();
  });

  it("as text are text and not empty", () => {
    const object = { a: "x", b: "", c: 1, d: null };
    expect(["a", "b", "c", "d", "e"].map((name) => textField(object, name))).toEqual([
      "x",
      ...Array(4).fill(undefined),
    ]);
  });

  it("hold the web link, unless it is missing in one of the ways that were recorded", () => {
    expect(selfLink(pullRequest(2))).toBe(
      "https://bitbucket.example.org/projects/PRJ/repos/app/pull-requests/2",
    );
    for (const links of [null, {}, { self: null }, { self: [] }, { self: [null] }, { self: [{ href: 1 }] }]) {
      expect(selfLink({ links })).toBeUndefined();
    }
    expect(selfLink({})).toBeUndefined();
  });
});
