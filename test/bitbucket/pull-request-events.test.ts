import { describe, expect, it } from "vitest";
import { parseEvent } from "../../lib/bitbucket/events.ts";
import type { JsonObject } from "../../lib/json.ts";
import { event, project, pullRequest, repository, start, user } from "../support/payloads.ts";

const address = { kind: "pull-request", key: "PRJ", slug: "app", id: 7 };
const comment = { id: 1, version: 0, text: "Hm", author: user("ann"), createdDate: start, comments: [] };
const participant = { user: user("bob"), role: "REVIEWER", approved: true, status: "APPROVED" };

const updates: [string, JsonObject][] = [
  ["pr:opened", {}],
  ["pr:from_ref_updated", { previousFromHash: "c".repeat(40) }],
  ["pr:to_ref_updated", { previousToHash: "c".repeat(40) }],
  [
    "pr:modified",
    { previousTitle: "Old", previousDescription: null, previousTarget: { id: "refs/heads/x" } },
  ],
  ["pr:merged", {}],
  ["pr:declined", {}],
  ["pr:reviewer:updated", { addedReviewers: [user("dan")], removedReviewers: [] }],
  ["pr:reviewer:approved", { participant, previousStatus: "UNAPPROVED" }],
  ["pr:reviewer:unapproved", { participant, previousStatus: "APPROVED" }],
  ["pr:reviewer:needs_work", { participant, previousStatus: "UNAPPROVED" }],
  ["pr:reviewer:changes_requested", { participant }],
  ["pr:comment:added", { comment, commentParentId: 43 }],
  ["pr:comment:edited", { comment, previousComment: "Before" }],
  ["pr:comment:deleted", { comment }],
  ["pr:of_a_later_version", { news: [{ a: null }] }],
];

describe("an event about a pull request", () => {
  it.each(updates)("%s updates it", (eventKey, body) => {
    const object = pullRequest(7);
    expect(parseEvent(event(eventKey, { ...body, pullRequest: object }))).toEqual({
      event: { key: eventKey, date: start, change: { type: "update", address, object } },
    });
  });

  it("is about the repository that it goes to, not the fork that it comes from", () => {
    const fork = repository("~ann", "app-fork", { origin: repository("PRJ", "app") });
    const object = pullRequest(7, { fromRef: { displayId: "dev", repository: fork } });
    expect(parseEvent(event("pr:opened", { pullRequest: object }))).toMatchObject({
      event: { change: { address } },
    });
  });

  it("may be in a personal project", () => {
    const personal = project("~Ann", { type: "PERSONAL", owner: user("ann") });
    delete personal["public"];
    const object = pullRequest(7, {}, repository("~Ann", "app", { project: personal }));
    const parsed = parseEvent(event("pr:opened", { pullRequest: object }));
    expect(parsed).toMatchObject({ event: { change: { address: { ...address, key: "~Ann" }, object } } });
  });

  it("shows dates as epoch ms, in whatever form they came", () => {
    const iso = {
      createdDate: "2024-05-01T10:00:00Z",
      updatedDate: "2024-05-01T10:00:00.500Z",
      closedDate: null,
    };
    const expected = { createdDate: start, updatedDate: start + 500, closedDate: null };
    const parsed = parseEvent(event("pr:modified", { pullRequest: pullRequest(7, iso) }));
    expect(parsed).toMatchObject({ event: { change: { object: expected } } });
  });

  it.each<[unknown, number | undefined]>([
    ["2024-05-01T15:30:00+0530", start],
    ["2024-05-01T10:00:00.000Z", start],
    [start, start],
    [undefined, undefined],
    [null, undefined],
    ["some day", undefined],
  ])("happened, going by a date of %o, at %o", (date, expected) => {
    const payload = { ...event("pr:opened", { pullRequest: pullRequest(7) }), date } as JsonObject;
    const parsed = parseEvent(payload);
    expect("event" in parsed && parsed.event.date).toBe(expected);
  });

  it("needs nothing but what identifies the pull request", () => {
    const object = { id: 7, toRef: { repository: { slug: "app", project: { key: "PRJ" } } } };
    expect(parseEvent({ eventKey: "pr:merged", pullRequest: object })).toEqual({
      event: { key: "pr:merged", date: undefined, change: { type: "update", address, object } },
    });
  });

  it("takes null for anything that may be missing, and fields that nobody knows", () => {
    const nothing = {
      description: null,
      links: null,
      closedDate: null,
      properties: null,
      author: null,
      reviewers: null,
    };
    const object = pullRequest(7, {
      ...nothing,
      participants: null,
      fromRef: null,
      locked: false,
      fresh: { x: [1] },
    });
    const payload = { ...event("pr:opened", { pullRequest: object }), actor: null, news: {} };
    expect(parseEvent(payload)).toMatchObject({ event: { change: { type: "update", address, object } } });
  });
});

describe("pr:deleted", () => {
  it("deletes, and says by which link and date the pull request is known", () => {
    const object = pullRequest(7, { createdDate: "2024-05-01T10:00:00.000Z" });
    expect(parseEvent(event("pr:deleted", { pullRequest: object }))).toEqual({
      event: {
        key: "pr:deleted",
        date: start,
        change: {
          type: "delete",
          address,
          object: { ...object, createdDate: start },
          link: "https://bitbucket.example.org/projects/PRJ/repos/app/pull-requests/7",
          createdDate: start,
        },
      },
    });
  });

  it.each<[JsonObject]>([
    [{ links: null, createdDate: null }],
    [{ links: { self: [null] }, createdDate: "?" }],
    [{ links: {}, createdDate: {} }],
  ])("deletes with %j too, without link and date", (overrides) => {
    const parsed = parseEvent(event("pr:deleted", { pullRequest: pullRequest(7, overrides) }));
    const change = "event" in parsed ? parsed.event.change : undefined;
    expect(Object.keys(change ?? {})).toEqual(["type", "address", "object"]);
  });
});

describe("a pull request that is not identified", () => {
  const fault = { fault: "the event does not say which object it is about" };
  it.each<[string, JsonObject]>([
    ["no pull request", {}],
    ["null for it", { pullRequest: null }],
    ["a list for it", { pullRequest: [pullRequest(7)] }],
    ["no number", { pullRequest: pullRequest(7, { id: null }) }],
    ["no target", { pullRequest: pullRequest(7, { toRef: null }) }],
    ["a target without project", { pullRequest: pullRequest(7, { toRef: { repository: { slug: "app" } } }) }],
  ])("because of %s is a fault", (_, body) => {
    expect(parseEvent(event("pr:opened", body))).toEqual(fault);
    expect(parseEvent(event("pr:deleted", body))).toEqual(fault);
  });
});
