import { describe, expect, it } from "vitest";
import { parseEvent } from "../../lib/bitbucket/events.ts";
import type { Json } from "../../lib/json.ts";
import { event, project, repository, start } from "../support/payloads.ts";

const address = { kind: "repository", key: "PRJ", slug: "app" };
const object = repository("PRJ", "app");

describe("a modification", () => {
  it("of a repository has the old address from slug and project, whatever the old links say", () => {
    const renamed = repository("PRJ", "new-app");
    const old = { ...repository("PRJ", "app"), links: renamed["links"] ?? null };
    expect(parseEvent(event("repo:modified", { old, new: renamed }))).toEqual({
      event: {
        key: "repo:modified",
        date: start,
        change: {
          type: "modify",
          address: { kind: "repository", key: "PRJ", slug: "new-app" },
          old: address,
          object: renamed,
        },
      },
    });
  });

  it("of a repository that was moved has the old project", () => {
    const payload = event("repo:modified", { old: object, new: repository("NEW", "app") });
    const moved = { old: address, address: { kind: "repository", key: "NEW", slug: "app" } };
    expect(parseEvent(payload)).toMatchObject({ event: { change: moved } });
  });

  it("of a project has both keys", () => {
    const modified = project("NEW", { description: null });
    expect(parseEvent(event("project:modified", { old: project("OLD"), new: modified }))).toMatchObject({
      event: {
        change: {
          type: "modify",
          address: { key: "NEW" },
          old: { kind: "project", key: "OLD" },
          object: modified,
        },
      },
    });
  });

  it.each<[Json | undefined]>([[undefined], [null], [{}], [{ slug: "x", key: null }]])(
    "with %j for the old state counts as one in place",
    (old) => {
      const before = old === undefined ? {} : { old };
      const ofRepository = parseEvent(event("repo:modified", { ...before, new: object }));
      expect(ofRepository).toMatchObject({ event: { change: { address, old: address } } });
      const ofProject = parseEvent(event("project:modified", { ...before, new: project("PRJ") }));
      expect(ofProject).toMatchObject({ event: { change: { old: { kind: "project", key: "PRJ" } } } });
    },
  );
});
