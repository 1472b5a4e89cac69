import { describe, expect, it } from "vitest";
import { parseEvent } from "../../lib/bitbucket/events.ts";
import type { JsonObject } from "../../lib/json.ts";
import { loadMapper } from "../../lib/mapping/load.ts";
import { onlyEntity, sent } from "../support/mapping.ts";
import { mergedEvent, mergedPullRequest, mergedRepository } from "../support/merged-event.ts";
import { user } from "../support/payloads.ts";

const mapper = await loadMapper("port-docs");
const pullRequest = (overrides: JsonObject) =>
  onlyEntity(mapper, "pull-request", { ...mergedPullRequest, ...overrides });

describe("the port-docs mapping", () => {
  it("makes of the guide's event what the guide shows, to the letter", () => {
    const parsed = parseEvent(mergedEvent);
    const object = "event" in parsed ? parsed.event.change.object : undefined;
    const entity = sent(onlyEntity(mapper, "pull-request", object ?? {}));
    expect(entity).toEqual({
      identifier: "2",
      title: "lint code",
      blueprint: "bitbucketPullrequest",
      properties: {
        created_on: "2023-11-16T10:58:00Z",
        updated_on: "2023-11-16T11:03:42Z",
        merge_commit: "9e08604e14fa72265d65696608725c2b8f7850f2",
        state: "MERGED",
        owner: "Test User",
        link: "http://myhost:7990/projects/MOPP/repos/data-analyses/pull-requests/2",
        destination: "main",
        source: "dev",
        participants: [],
        reviewers: [],
      },
      relations: { repository: "data-analyses" },
    });
    expect(Object.keys(entity)).toEqual(["identifier", "blueprint", "title", "properties", "relations"]);
  });

  it("names reviewers and participants by e-mail, leaving out those without one", () => {
    const people = [{ user: user("ann") }, { user: user("svc", { mail: false }) }, { user: user("bob") }];
    const { properties } = pullRequest({ reviewers: people, participants: people.slice(1) });
    expect(properties["reviewers"]).toEqual(["ann@example.org", "bob@example.org"]);
    expect(properties["participants"]).toEqual(["bob@example.org"]);
  });

  it("takes null and missing lists for empty ones", () => {
    const { properties } = pullRequest({ reviewers: null, participants: null });
    expect([properties["reviewers"], properties["participants"]]).toEqual([[], []]);
  });

  it("identifies a repository by its slug and its project by its key", () => {
    expect(sent(onlyEntity(mapper, "repository", mergedRepository))).toEqual({
      identifier: "data-analyses",
      title: "data analyses",
      blueprint: "bitbucketRepository",
      properties: {
        description: "This is for my repository and all the blah blah blah",
        state: "AVAILABLE",
        forkable: true,
        public: false,
        link: "http://myhost:7990/projects/MOPP/repos/data-analyses/browse",
      },
      relations: { project: "MOPP" },
    });
    expect(sent(onlyEntity(mapper, "project", mergedRepository["project"] as JsonObject))).toEqual({
      identifier: "MOPP",
      title: "My On Prem Project",
      blueprint: "bitbucketProject",
      properties: {
        public: false,
        description: "On premise test project is sent to us for us",
        type: "NORMAL",
        link: "http://myhost:7990/projects/MOPP",
      },
      relations: {},
    });
  });

  it("knows which properties tell older from newer and what an entity stands for", () => {
    expect(pullRequest({}).roles).toEqual({
      version: "updated_on",
      created: "created_on",
      link: "link",
      state: "state",
    });
  });
});
