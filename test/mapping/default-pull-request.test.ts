import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../lib/json.ts";
import { loadMapper } from "../../lib/mapping/load.ts";
import { onlyEntity, sent } from "../support/mapping.ts";
import { mergedPullRequest } from "../support/merged-event.ts";
import { pullRequest, repository, user } from "../support/payloads.ts";

const mapper = await loadMapper("default");
const entityOf = (overrides: JsonObject = {}, without: string[] = []) => {
  const object = pullRequest(7, overrides);
  for (const name of without) delete object[name];
  return onlyEntity(mapper, "pull-request", object);
};
const propertyOf = (name: string, overrides: JsonObject, without?: string[]) =>
  entityOf(overrides, without).properties[name];
const person = (name: string, fields: JsonObject = {}) => ({ user: { ...user(name), ...fields } });

describe("the default mapping of a pull request", () => {
  it("takes everything over from the recorded one", () => {
    const entity = onlyEntity(mapper, "pull-request", mergedPullRequest);
    expect(sent(entity)).toEqual({
      identifier: "MOPP/data-analyses/2",
      title: "lint code",
      blueprint: "bitbucketPullrequest",
      properties: {
        created_on: "2023-11-16T10:58:00.533Z",
        updated_on: "2023-11-16T11:03:42.026Z",
        mergedAt: "2023-11-16T11:03:42.026Z",
        description: "here is the description",
        state: "MERGED",
        owner: "username@example.org",
        link: "http://myhost:7990/projects/MOPP/repos/data-analyses/pull-requests/2",
        destination: "main",
        source: "dev",
        reviewers: [],
        merge_commit: "1cbccf99220b23f89624c7c604f630663a1aaf8e",
      },
      relations: { repository: "MOPP/data-analyses", participants: [] },
    });
    expect(entity.roles).toEqual({
      version: "updated_on",
      created: "created_on",
      link: "link",
      state: "state",
    });
  });

  it("is in the repository that it goes to, not the fork that it comes from", () => {
    const fork = { displayId: "fix", latestCommit: "f".repeat(40), repository: repository("~ann", "fork") };
    const entity = entityOf({ fromRef: fork });
    expect([entity.identifier, entity.relations["repository"]]).toEqual(["PRJ/app/7", "PRJ/app"]);
    expect([entity.properties["source"], entity.properties["merge_commit"]]).toEqual(["fix", "f".repeat(40)]);
  });

  it.each<[string, JsonObject, Json]>([
    ["e-mail", user("ann"), "ann@example.org"],
    ["display name without e-mail", user("ann", { mail: false }), "User ann"],
    ["display name with an empty e-mail", { ...user("ann"), emailAddress: "" }, "User ann"],
    ["display name with null for an e-mail", { ...user("ann"), emailAddress: null }, "User ann"],
    ["name when there is nothing else", { name: "ann" }, "ann"],
    ["null when there is nothing at all", {}, null],
  ])("has its author's %s as its owner", (_, author, owner) => {
    expect(propertyOf("owner", { author: { user: author } })).toBe(owner);
  });

  it("has no owner when there is no author", () => {
    expect(propertyOf("owner", { author: null })).toBeNull();
    expect(propertyOf("owner", {}, ["author"])).toBeNull();
  });

  it("has a date of merging only when it is merged", () => {
    const closedDate = 1_700_132_622_026;
    const closed = "2023-11-16T11:03:42.026Z";
    expect(propertyOf("mergedAt", { state: "MERGED", closedDate })).toBe(closed);
    expect(propertyOf("mergedAt", { state: "MERGED", updatedDate: closedDate })).toBe(closed);
    expect(propertyOf("mergedAt", { state: "MERGED", updatedDate: closedDate, closedDate: null })).toBe(
      closed,
    );
    expect(propertyOf("mergedAt", { state: "DECLINED", closedDate })).toBeNull();
    expect(propertyOf("mergedAt", { state: "OPEN" })).toBeNull();
  });

  it("has the source's tip for a merge commit until it is merged", () => {
    const id = "e".repeat(40);
    expect(propertyOf("merge_commit", { properties: { mergeCommit: { id, displayId: "e" } } })).toBe(id);
    const tip = "a".repeat(40);
    for (const properties of [null, {}, { mergeCommit: null }, { mergeCommit: {} }, { openTaskCount: 1 }]) {
      expect(propertyOf("merge_commit", { properties })).toBe(tip);
    }
    expect(propertyOf("merge_commit", { fromRef: null })).toBeNull();
  });

  it("clears a description that is gone", () => {
    expect(propertyOf("description", {}, ["description"])).toBeNull();
    expect(propertyOf("description", { description: null })).toBeNull();
    expect(propertyOf("description", { description: "" })).toBe("");
  });

  it("leaves the link as it is when the event does not show one", () => {
    expect(entityOf({}, ["links"]).properties).not.toHaveProperty("link");
  });

  it.each<[Json]>([[null], [{}], [{ self: null }], [{ self: [] }], [{ self: [null] }]])(
    "leaves the link as it is when links are %j, as some events have them",
    (links) => {
      expect(entityOf({ links }).properties).not.toHaveProperty("link");
    },
  );

  it("never has null or a double in its people, however little is known of them", () => {
    const nameless = { user: { displayName: "Ghost", links: { self: [null] } } };
    const service = { user: user("svc", { mail: false }) };
    const people: Json = [
      person("bob"),
      service,
      nameless,
      { user: {} },
      { user: null },
      null,
      {},
      person("bob"),
    ];
    const entity = entityOf({ reviewers: people, participants: people });
    const bob = "bob@example.org";
    expect(entity.properties["reviewers"]).toEqual([bob, "User svc", "Ghost", bob]);
    expect(entity.relations["participants"]).toEqual([bob, "svc"]);
  });

  it("takes null and missing lists for empty ones", () => {
    for (const entity of [
      entityOf({ reviewers: null, participants: null }),
      entityOf({}, ["reviewers", "participants"]),
    ]) {
      expect([entity.properties["reviewers"], entity.relations["participants"]]).toEqual([[], []]);
    }
  });

  it("takes texts over as they are", () => {
    const text = 'quotes " and \\ and \\(.id) and $x\n\u0001\t€ 😀 漢字';
    const entity = entityOf({ title: text, description: text });
    expect([entity.title, entity.properties["description"]]).toEqual([text, text]);
  });
});
