import { expect, test } from "vitest";
import { claimsOf } from "../../lib/gitops/claims.ts";
import { finalRecords } from "../../lib/gitops/final-records.ts";
import { fromEntity } from "../../lib/gitops/record.ts";
import type { JsonObject } from "../../lib/json.ts";

const record = fromEntity({
  identifier: "OLD/was:a b/port.yml",
  blueprint: "bitbucketPortFile",
  properties: { repositoryId: "7", project: "OLD", slug: "was", path: "a b/port.yml", commit: "old" },
  relations: { repository: "OLD/was" },
});

/** The record of a file that did not change, when its repository is at another address. */
function kept(object: JsonObject) {
  const repository = { key: "PRJ", slug: "app", id: "7", object, tip: "new" };
  const claims = claimsOf("7", [record], []);
  const rest = { entity: "PRJ/app", settings: "s", files: [], dropped: [], decisions: new Map() };
  return finalRecords({ ...rest, repository, claims, records: [record], kept: [record] }, () => undefined);
}

test("a record goes along to the repository's present address, tip and page", () => {
  const page = "https://bitbucket.example.org/projects/PRJ/repos/app/browse";
  expect(kept({ links: { self: [{ href: page }] } })).toEqual([
    {
      ...record,
      identifier: "PRJ/app:a_b/port.yml=2d444c0d8775",
      key: "PRJ",
      slug: "app",
      commit: "new",
      settings: "s",
      link: `${page}/a%20b/port.yml`,
      repository: "PRJ/app",
    },
  ]);
});

test("of a repository that tells no page, a record has none", () => {
  expect(kept({}).map(({ link }) => link)).toEqual([""]);
});
