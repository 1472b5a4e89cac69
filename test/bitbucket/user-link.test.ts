import { expect, test } from "vitest";
import {
  addressName,
  parseLink,
  parseLinkOf,
  parseUserLink,
  sameAddress,
  within,
} from "../../lib/bitbucket/address.ts";

const base = "https://bitbucket.example.org";
const page = `${base}/users/ann`;

test("a user's address is its slug, in whatever case", () => {
  expect(addressName({ kind: "user", slug: "Ann" })).toBe("user:ann");
  expect(sameAddress({ kind: "user", slug: "ANN" }, { kind: "user", slug: "ann" })).toBe(true);
  expect(sameAddress({ kind: "user", slug: "ann" }, { kind: "project", key: "ann" })).toBe(false);
});

test("no two of one kind lie within each other, whatever their names", () => {
  expect(within({ kind: "project", key: "a" }, { kind: "project", key: "a/b" })).toBe(false);
});

test.each([
  [page, { base, slug: "ann" }],
  [`${page}/`, { base, slug: "ann" }],
  [`${base}/users/a%20b`, { base, slug: "a b" }],
  [`HTTPS://Bitbucket.Example.ORG/Context/users/Ann`, { base: `${base}/context`, slug: "Ann" }],
  [`${base}/a/users/users/ann`, { base: `${base}/a/users`, slug: "ann" }],
])("%s is the page of a user", (link, user) => {
  expect(parseUserLink(link)).toEqual(user);
  expect(parseLinkOf("user", link)).toEqual({ base: user.base, address: { kind: "user", slug: user.slug } });
});

test.each([
  [undefined],
  [7],
  [[page]],
  ["users/ann"],
  [`${base}/users`],
  [`${base}/users/`],
  [`${base}/users//`],
  [`${base}/users/ann/repos/app`],
  [`${base}/users/ann/repos`],
  [`${base}/projects/PRJ`],
  [`${base}/users/a/b/`],
])("%j is the page of nobody", (link) => {
  expect(parseUserLink(link)).toBeUndefined();
  expect(parseLinkOf("user", link)).toBeUndefined();
});

test("a user's page is a personal project's where the link is known to be one's", () => {
  expect(parseLink(page, "project")).toEqual({ base, address: { kind: "project", key: "~ann" } });
  expect(parseLink(page, "repository")).toBeUndefined();
  expect(parseLinkOf("project", page)).toEqual({ base, address: { kind: "project", key: "~ann" } });
});

test("a link leads to an object only of the kind that it is known to belong to", () => {
  const repository = `${base}/projects/PRJ/repos/app`;
  const address = { kind: "repository", key: "PRJ", slug: "app" };
  expect(parseLinkOf("repository", repository)).toEqual({ base, address });
  expect(parseLinkOf("project", repository)).toBeUndefined();
  expect(parseLinkOf("pull-request", repository)).toBeUndefined();
  expect(parseLinkOf("repository", "no link")).toBeUndefined();
});

test("a list of links is none", () => {
  expect(parseLink([`${base}/projects/PRJ`])).toBeUndefined();
});
