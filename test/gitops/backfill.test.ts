import { expect, test } from "vitest";
import type { Whereabouts } from "../../lib/bitbucket/whereabouts.ts";
import { RequestError } from "../../lib/errors.ts";
import { createBackfillDefinitions } from "../../lib/gitops/backfill.ts";
import type { GitopsContext } from "../../lib/gitops/context.ts";
import type { JsonObject } from "../../lib/json.ts";
import { rejection } from "../support/rejection.ts";

const failure = new RequestError({ service: "bitbucket", operation: "GET it", status: 503 });
const object = (id: unknown): JsonObject => ({ id, slug: "app", project: { key: "PRJ" } }) as JsonObject;
const record = { repositoryId: "7", project: "PRJ", slug: "app", path: "port.yml", commit: "old" };

/** The files' part of a backfill; Port has a record with these fields, and must not be written to. */
function definitions(
  fields: JsonObject,
  commit: JsonObject | Error | "none" = { id: "new" },
  found: Whereabouts = { is: "unknown", error: failure },
) {
  const asked: string[] = [];
  const bitbucket = {
    async latestCommit({ key, slug }: { key: string; slug: string }) {
      asked.push(`commit ${key}/${slug}`);
      if (commit instanceof Error) throw commit;
      return commit === "none" ? undefined : commit;
    },
    async find({ key, slug }: { key: string; slug: string }) {
      asked.push(`find ${key}/${slug}`);
      return found;
    },
  };
  const entity = { identifier: "PRJ/app:port.yml", properties: { ...record, ...fields }, relations: {} };
  const context = {
    bitbucket,
    port: { search: async () => [entity] },
    mapper: { reads: () => false },
    settings: { hash: "s" },
  } as unknown as GitopsContext;
  const own = createBackfillDefinitions(context);
  if (own === undefined) throw new Error("no definitions");
  return { ...own, asked };
}
const failed = () => ["failed"];

test.each([{}, { id: 7 }, { id: 7, slug: "app" }, { slug: "app", project: {} }])(
  "a repository without an address, %j, is left alone",
  async (odd) => {
    const { sync, asked } = definitions({});
    expect([await sync([odd], failed), asked]).toEqual([[], []]);
  },
);

test.each<[string, unknown, JsonObject | "none", boolean, boolean]>([
  ["without a tip", 7, "none", false, true],
  ["without a tip, whose files were gone before,", 7, "none", true, false],
  ["without a number", "7", { id: "new" }, false, true],
])("a repository %s keeps what its files made: %j", async (_, id, commit, gone, isTold) => {
  const { sync } = definitions({ gone }, commit);
  const told = [
    "repository:prj/app: the tip of its default branch is not to be had: what its definition files made stays",
  ];
  expect(await sync([object(id)], failed)).toEqual(isTold ? told : []);
});

test("a repository whose address another one has by now is left to the next listing", async () => {
  const { sync, asked } = definitions({}, { id: "new" }, { is: "here", object: object(8), at: undefined });
  expect(await sync([object(7)], failed)).toEqual([]);
  expect(asked).toEqual(["commit PRJ/app", "find PRJ/app"]);
});

test("a repository that does not answer fails alone; a bug is not taken for its answer", async () => {
  const bug = new TypeError("a bug");
  expect(await definitions({}, failure).sync([object(7)], failed)).toEqual(["failed"]);
  expect(await rejection(definitions({}, bug).sync([object(7)], failed))).toBe(bug);
});

const unclear = ["repository:prj/app: it cannot be told whether it is there: its definition files stay"];
test.each<[string, string[], boolean, boolean, string[]]>([
  ["that was not listed", ["OTHER"], true, false, unclear],
  ["that was listed", ["prj"], true, false, []],
  ["that the run is not of", ["OTHER"], false, false, []],
  ["whose files were gone before", ["OTHER"], true, true, []],
])("records of a project %s are looked for or not", async (_, keys, isWanted, gone, problems) => {
  const { listedProjects, asked } = definitions({ gone });
  expect(await listedProjects(keys, () => isWanted)).toEqual(problems);
  expect(asked).toEqual(problems.map(() => "find PRJ/app"));
});
