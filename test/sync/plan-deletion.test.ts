import { expect, test } from "vitest";
import type { Entity } from "../../lib/port/entity.ts";
import { type Deletion, decideDeletion, linkOf } from "../../lib/sync/plan-deletion.ts";

const link = "https://git.example.org/bb/projects/KEY/repos/app/pull-requests/7";
const deletion: Deletion = {
  address: { kind: "pull-request", key: "KEY", slug: "app", id: 7 },
  base: "https://git.example.org/bb",
  linked: true,
  createdDate: Date.parse("2024-05-01T10:00:00.500Z"),
  roles: { link: "link", created: "created_on" },
};
const entity = (properties: Entity["properties"]): Entity => ({
  identifier: "KEY/app/7",
  blueprint: "bitbucketPullrequest",
  properties,
  relations: {},
});

test("an entity that points at the object is deleted, however its link is written", () => {
  for (const own of [
    link,
    `${link}/overview`,
    link.replace("/KEY/", "/key/"),
    link.replace("git.", "GIT."),
  ]) {
    expect(decideDeletion(deletion, entity({ link: own }))).toBe("delete");
  }
});

test.each([
  ["another pull request", link.replace("/7", "/8")],
  ["another Bitbucket", link.replace("git.", "other.")],
  ["another context path", link.replace("/bb/", "/")],
  ["something else", "https://wiki.example.org/page"],
  ["no link at all", "not a link"],
])("an entity that points at %s stays", (_, own) => {
  expect(decideDeletion(deletion, entity({ link: own }))).toBe("foreign");
});

test("an entity without a link goes only with an object without a link", () => {
  expect(decideDeletion(deletion, entity({}))).toBe("foreign");
  expect(decideDeletion(deletion, entity({ link: "" }))).toBe("foreign");
  expect(decideDeletion({ ...deletion, linked: false, base: undefined }, entity({}))).toBe("delete");
});

test("an object without a link takes the entity that points at its address", () => {
  expect(decideDeletion({ ...deletion, linked: false, base: undefined }, entity({ link }))).toBe("delete");
});

test("where the mapping keeps no link, an entity stays", () => {
  expect(decideDeletion({ ...deletion, roles: {} }, entity({ link }))).toBe("foreign");
});

test.each([[7], [null], [[link]], [true]])("a link that is no text (%j) is none", (own) => {
  expect(linkOf(entity({ link: own }), deletion.roles)).toBeUndefined();
  expect(decideDeletion({ ...deletion, linked: false }, entity({ link: own }))).toBe("delete");
});

test("an empty link is none", () => {
  expect(linkOf(entity({ link: "" }), deletion.roles)).toBeUndefined();
  expect(decideDeletion({ ...deletion, linked: false }, entity({ link: "" }))).toBe("delete");
});

test("a successor of the deleted object stays", () => {
  expect(decideDeletion(deletion, entity({ link, created_on: "2024-05-01T10:00:01Z" }))).toBe("older");
  expect(decideDeletion(deletion, entity({ link, created_on: "2024-05-01T10:00:00Z" }))).toBe("delete");
});

test("what is not there needs no deletion", () => {
  expect(decideDeletion(deletion, undefined)).toBe("absent");
});
