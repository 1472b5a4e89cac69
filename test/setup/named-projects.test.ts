import { expect, test } from "vitest";
import type { BitbucketClient, Page } from "../../lib/bitbucket/client.ts";
import type { Whereabouts } from "../../lib/bitbucket/whereabouts.ts";
import { RequestError } from "../../lib/errors.ts";
import { listProjects } from "../../lib/setup/projects.ts";
import { rejection } from "../support/rejection.ts";

const first: Page = { start: 0, values: [{ key: "PRJ" }, { key: "OTHER" }, {}], next: undefined };
const failure = (status: number, code: string) =>
  new RequestError({ service: "bitbucket", operation: "GET project", status, code });

/** The projects of a filter, of which Bitbucket lists PRJ and OTHER, and says that of any other. */
function list(projects: readonly string[], found: Whereabouts) {
  const bitbucket = { find: async () => found } as unknown as BitbucketClient;
  return listProjects({ projects, personalProjects: false, bitbucket }, first);
}
const elsewhere = (key?: string): Whereabouts => ({
  is: "elsewhere",
  address: key === undefined ? undefined : { kind: "project", key },
});
const gone: Whereabouts = { is: "gone", what: "project" };
const hint = "BITBUCKET_PROJECTS_FILTER (on AWS: projectsFilter)";

test("without a filter all listed projects are taken, with one those that it names", async () => {
  expect(await list([], gone)).toEqual({ keys: ["PRJ", "OTHER"], failed: [] });
  expect(await list(["prj"], gone)).toEqual({ keys: ["PRJ"], failed: [] });
});

test.each<[string, Whereabouts, string[], string]>([
  ["there, though not listed", { is: "here", object: { key: "~Ann" }, at: undefined }, ["~Ann"], ""],
  ["there, without its key", { is: "here", object: {}, at: undefined }, ["~ann"], ""],
  ["elsewhere", elsewhere("NEW"), [], `has the key NEW by now: change ${hint}`],
  ["elsewhere, nobody says where", elsewhere(), [], `has another key by now: change ${hint}`],
  ["gone", gone, [], `is not in Bitbucket, or these credentials may not see it; is ${hint} spelt right?`],
  [
    "not for our eyes",
    { is: "unknown", error: failure(401, "AuthorisationException") },
    [],
    `is not in Bitbucket, or these credentials may not see it; is ${hint} spelt right?`,
  ],
])("a project of the filter that is %s", async (_, found, keys, fault) => {
  const failed = fault === "" ? [] : [`project:~ann: ${fault}`];
  expect(await list(["~ann", "PRJ"], found)).toEqual({ keys: ["PRJ", ...keys], failed });
});

test("where nobody can tell for now, nothing is begun", async () => {
  const error = failure(503, "away");
  expect(await rejection(list(["~ann"], { is: "unknown", error }))).toBe(error);
});
