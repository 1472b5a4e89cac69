import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Address, addressName, sameAddress, within } from "../../lib/bitbucket/address.ts";

const project = (key: string): Address => ({ kind: "project", key });
const repository = (key: string, slug: string): Address => ({ kind: "repository", key, slug });
const pullRequest = (key: string, slug: string, id: number): Address => ({
  kind: "pull-request",
  key,
  slug,
  id,
});

const keyText = fc.stringMatching(/^~?[A-Za-z][A-Za-z0-9_.-]{0,8}$/);
const slugText = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,8}$/);
const address = fc.oneof(
  keyText.map(project),
  fc.tuple(keyText, slugText).map(([key, slug]) => repository(key, slug)),
  fc.tuple(keyText, slugText, fc.nat()).map(([key, slug, id]) => pullRequest(key, slug, id)),
);
const lower = (it: Address) => JSON.stringify(it).toLowerCase();

describe("an address's name", () => {
  it("is its kind and path, in lower case", () => {
    expect(addressName(project("MOPP"))).toBe("project:mopp");
    expect(addressName(repository("~Ann", "Data.Analyses"))).toBe("repository:~ann/data.analyses");
    expect(addressName(pullRequest("MOPP", "data-analyses", 2))).toBe("pull-request:mopp/data-analyses/2");
  });

  it("is shared by two addresses only when they differ in nothing but case", () => {
    fc.assert(
      fc.property(address, address, (a, b) => {
        expect(sameAddress(a, b)).toBe(lower(a) === lower(b));
        expect(sameAddress(a, a)).toBe(true);
      }),
    );
  });
});

describe("an address lies within", () => {
  it("itself, in whatever case", () => {
    expect(within(repository("PRJ", "app"), repository("prj", "APP"))).toBe(true);
    fc.assert(fc.property(address, (it) => within(it, it)));
  });

  it("its repository and its project", () => {
    fc.assert(
      fc.property(keyText, slugText, fc.nat(), (key, slug, id) => {
        const inner = pullRequest(key.toUpperCase(), slug, id);
        expect(within(project(key), inner)).toBe(true);
        expect(within(repository(key, slug), inner)).toBe(true);
        expect(within(project(key), repository(key, slug))).toBe(true);
      }),
    );
  });

  it("nothing that it contains", () => {
    expect(within(repository("PRJ", "app"), project("PRJ"))).toBe(false);
    expect(within(pullRequest("PRJ", "app", 1), repository("PRJ", "app"))).toBe(false);
  });

  it("no neighbour, however alike the names", () => {
    expect(within(project("PRJ"), project("PRJ2"))).toBe(false);
    expect(within(project("PR"), repository("PRJ", "app"))).toBe(false);
    expect(within(repository("PRJ", "app"), repository("PRJ", "app-2"))).toBe(false);
    expect(within(repository("PRJ", "app"), pullRequest("PRJ", "app-2", 1))).toBe(false);
    expect(within(repository("PRJ", "app"), pullRequest("OTHER", "app", 1))).toBe(false);
    expect(within(pullRequest("PRJ", "app", 1), pullRequest("PRJ", "app", 12))).toBe(false);
  });

  it("no user, whatever his slug, and a user in nothing", () => {
    const user = { kind: "user", slug: "prj" } as const;
    expect(within(user, repository("PRJ", "app"))).toBe(false);
    expect(within(project("PRJ"), user)).toBe(false);
    expect(within(user, { ...user, slug: "PRJ" })).toBe(true);
  });

  it("no project whose key it shares up to a colon only", () => {
    expect(within(project("a:b"), repository("a", "app"))).toBe(false);
    expect(within(project("a:b"), repository("a:c", "app"))).toBe(false);
  });
});
