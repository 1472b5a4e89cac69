import { expect, test } from "vitest";
import type { Whereabouts } from "../../lib/bitbucket/whereabouts.ts";
import { RequestError } from "../../lib/errors.ts";
import type { GitopsContext } from "../../lib/gitops/context.ts";
import { isBehind, tipOf } from "../../lib/gitops/tip-of.ts";
import type { JsonObject } from "../../lib/json.ts";
import { rejection } from "../support/rejection.ts";

const record = { key: "PRJ", slug: "app", repositoryId: "7" };
const repository = { key: "PRJ", slug: "app", id: "7", object: {}, tip: "new" };
const failure = new RequestError({ service: "bitbucket", operation: "GET it", status: 503 });
const here = (id: number): Whereabouts => ({ is: "here", object: { id, slug: "app" }, at: undefined });

/** A Bitbucket that answers so, or throws what is an error. */
function bitbucket(commit: JsonObject | Error | undefined, found: Whereabouts = here(7)) {
  const latestCommit = async () => {
    if (commit instanceof Error) throw commit;
    return commit;
  };
  return { bitbucket: { latestCommit, find: async () => found } } as unknown as Pick<
    GitopsContext,
    "bitbucket"
  >;
}

test("the repository of a record comes with its tip and as Bitbucket shows it", async () => {
  expect(await tipOf(record, bitbucket({ id: "new" }))).toEqual({
    ...repository,
    object: { id: 7, slug: "app" },
  });
});

test.each<[string, JsonObject | Error | undefined, Whereabouts]>([
  ["has no commit yet", undefined, here(7)],
  ["does not tell its tip", failure, here(7)],
  ["is another one by now", { id: "new" }, here(8)],
  ["is gone", { id: "new" }, { is: "gone", what: "repository" }],
  ["is elsewhere", { id: "new" }, { is: "elsewhere", address: undefined }],
  ["is nobody knows where", { id: "new" }, { is: "unknown", error: failure }],
])("there is none where the repository %s", async (_, commit, found) => {
  expect(await tipOf(record, bitbucket(commit, found))).toBeUndefined();
});

test.each<[string, JsonObject | Error | undefined, boolean]>([
  ["the same", { id: "new" }, false],
  ["another one", { id: "newer" }, true],
  ["none any more", undefined, true],
  ["not to be had", failure, false],
])("a repository whose tip is %s by now is behind or not", async (_, commit, is) => {
  expect(await isBehind(repository, bitbucket(commit))).toBe(is);
});

test("what is no answer of Bitbucket's is not taken for one", async () => {
  const bug = new TypeError("a bug");
  expect(await rejection(tipOf(record, bitbucket(bug)))).toBe(bug);
  expect(await rejection(isBehind(repository, bitbucket(bug)))).toBe(bug);
});
