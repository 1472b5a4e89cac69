import { expect, test } from "vitest";
import { RequestError } from "../../lib/errors.ts";
import type { GitopsContext } from "../../lib/gitops/context.ts";
import { syncRepositories } from "../../lib/gitops/sync-repositories.ts";
import { rejection } from "../support/rejection.ts";

/** Syncs two repositories that are listed with such an error; Port has no records. */
function sync(fails: Error) {
  const bitbucket = {
    paths: async ({ slug }: { slug: string }) => {
      if (slug === "broken") throw fails;
      return [];
    },
  };
  const settings = { isDefinition: () => true };
  const mapper = { map: () => [] };
  const context = {
    bitbucket,
    port: { search: async () => [] },
    settings,
    mapper,
  } as unknown as GitopsContext;
  const repository = (slug: string) => ({ key: "PRJ", slug, id: slug, object: {}, tip: "t" });
  return syncRepositories([repository("broken"), repository("app")], context);
}

test("a repository that cannot be read fails alone", async () => {
  const failure = new RequestError({ service: "bitbucket", operation: "GET files", status: 503 });
  const synced = await sync(failure);
  expect(synced.map(({ repository, failed }) => [repository.id, failed]).toSorted()).toEqual([
    ["app", undefined],
    ["broken", failure],
  ]);
});

test("a bug is not taken for a repository's answer", async () => {
  const bug = new TypeError("a bug");
  expect(await rejection(sync(bug))).toBe(bug);
});
