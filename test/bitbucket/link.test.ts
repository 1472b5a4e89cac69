import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Address, type ParsedLink, parseLink, sameAddress } from "../../lib/bitbucket/address.ts";

const base = "https://bitbucket.example.org";
const project: Address = { kind: "project", key: "PRJ" };
const repository: Address = { kind: "repository", key: "PRJ", slug: "app" };
const pullRequest: Address = { kind: "pull-request", key: "PRJ", slug: "app", id: 7 };

describe("a web link", () => {
  it.each<[string, ParsedLink]>([
    [`${base}/projects/PRJ`, { base, address: project }],
    [`${base}/projects/PRJ/`, { base, address: project }],
    [`${base}/projects/PRJ/repos/app`, { base, address: repository }],
    [`${base}/projects/PRJ/repos/app/`, { base, address: repository }],
    [`${base}/projects/PRJ/repos/app/browse`, { base, address: repository }],
    [`${base}/projects/PRJ/repos/app/browse/src/a.ts?at=main#5`, { base, address: repository }],
    [`${base}/projects/PRJ/repos/app/pull-requests/7`, { base, address: pullRequest }],
    [`${base}/projects/PRJ/repos/app/pull-requests/7/overview?commentId=1`, { base, address: pullRequest }],
  ])("%s is taken apart", (link, parsed) => {
    expect(parseLink(link)).toEqual(parsed);
  });

  it("belongs to a personal project in either of its forms", () => {
    const slash = { kind: "pull-request", key: "~ann", slug: "app", id: 1 };
    expect(parseLink(`${base}/users/ann/repos/app/pull-requests/1`)?.address).toEqual(slash);
    expect(parseLink(`${base}/projects/~ann/repos/app/pull-requests/1`)?.address).toEqual(slash);
    expect(parseLink(`${base}/projects/%7Eann/repos/app/pull-requests/1`)?.address).toEqual(slash);
    expect(parseLink(`${base}/users/ann/repos/app/browse`)?.address).toMatchObject({ kind: "repository" });
  });

  it("keeps the context path with the host, also one that looks like a part of the path", () => {
    expect(parseLink(`${base}/bitbucket/projects/PRJ/repos/app`)).toEqual({
      base: `${base}/bitbucket`,
      address: repository,
    });
    expect(parseLink(`${base}/a/projects/projects/PRJ`)).toEqual({
      base: `${base}/a/projects`,
      address: project,
    });
  });

  it("has a base that tells two Bitbuckets apart by host, port, scheme and context path, and by nothing else", () => {
    const path = "/projects/PRJ";
    const baseOf = (link: string) => parseLink(link)?.base;
    expect(baseOf(`HTTPS://BitBucket.Example.ORG:443${path}`)).toBe(base);
    const others = [
      `https://git.example.org${path}`,
      `https://bitbucket.example.org:8443${path}`,
      `http://bitbucket.example.org${path}`,
      `https://bitbucket.example.org/bitbucket${path}`,
    ].map(baseOf);
    expect(new Set([base, ...others]).size).toBe(5);
  });

  it("is decoded part by part", () => {
    expect(parseLink(`${base}/projects/PRJ/repos/caf%C3%A9%20x`)?.address).toMatchObject({ slug: "café x" });
    expect(parseLink(`${base}/projects/PRJ/repos/100%25`)?.address).toMatchObject({ slug: "100%" });
    expect(parseLink(`${base}/projects/PRJ/repos/bad%zz`)?.address).toMatchObject({ slug: "bad%zz" });
  });

  it.each<[unknown]>([
    [undefined],
    [null],
    [7],
    [{}],
    [""],
    ["projects/PRJ"],
    ["/projects/PRJ"],
    [base],
    [`${base}/`],
    [`${base}/users/ann`],
    [`${base}/projects`],
    [`${base}/projects/`],
    [`${base}/projects/PRJ/settings`],
    [`${base}/projects/PRJ/repos`],
    [`${base}/projects/PRJ/repos/app/commits/abc`],
    [`${base}/projects/PRJ/repos/app/pull-requests`],
    [`${base}/projects/PRJ/repos/app/pull-requests/x`],
    [`${base}/projects/PRJ/repos/app/pull-requests/-1`],
    [`${base}/projects/PRJ/repos/app/browser`],
    ["https://[/projects/PRJ"],
    ["ssh://git@bitbucket.example.org:7999/prj/app.git"],
    ["https://bitbucket.example.org/scm/prj/app.git"],
    ["mailto:ann@example.org"],
  ])("%o is none of an object", (link) => {
    expect(parseLink(link)).toBeUndefined();
  });

  it("of any key and slug is read back as what it was made from", () => {
    const part = fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => !/^\.{1,2}$/.test(text));
    fc.assert(
      fc.property(part, part, fc.nat(), (key, slug, id) => {
        const path = [key, slug].map(encodeURIComponent);
        const link = `${base}/bb/projects/${path[0]}/repos/${path[1]}/pull-requests/${id}`;
        const parsed = parseLink(link);
        expect(parsed).toEqual({ base: `${base}/bb`, address: { kind: "pull-request", key, slug, id } });
      }),
    );
  });

  it("never makes anything throw", () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.webUrl({ withFragments: true })), (it) => void parseLink(it)),
    );
  });

  it("leads to the same object in whatever case it is written", () => {
    const parsed = parseLink(`${base}/projects/prj/repos/APP/pull-requests/7`);
    expect(parsed !== undefined && sameAddress(parsed.address, pullRequest)).toBe(true);
  });
});
