import { afterEach, beforeEach, expect, test } from "vitest";
import type { Call, Fault } from "../../infra/local/simulators/http.ts";
import { startTruth, type Truth, ways } from "../support/truth.ts";

let truth: Truth;
beforeEach(async () => {
  truth = await startTruth({ bitbucket: { pageCap: 1 } });
  await truth.run();
  expect(truth.wrong()).toEqual([]);
});
afterEach(() => truth.close());

/** Lets something happen once, right after the first page of a listing was given. */
function afterFirstPage(listing: RegExp, happens: () => void): void {
  let over = false;
  truth.bitbucket.setIntercept(({ path }) => {
    if (over || !listing.test(path)) return undefined;
    over = true;
    setImmediate(happens);
    return undefined;
  });
}

test.each<[string, RegExp, () => void]>([
  ["projects", /\/projects$/, () => truth.bitbucket.deleteProject("SHOP")],
  ["repositories", /\/MOPP\/repos$/, () => truth.bitbucket.deleteRepository("MOPP", "data-analyses")],
  [
    "pull requests",
    /\/MOPP\/repos\/data-analyses\/pull-requests$/,
    () => truth.bitbucket.deletePullRequest(["MOPP", "data-analyses", 1]),
  ],
])("what vanished from page 2 of %s because page 1 lost one stays", async (_, listing, happens) => {
  afterFirstPage(listing, happens);
  await truth.run();
  truth.bitbucket.setIntercept(undefined);
  expect(truth.wrong().filter((what) => what.startsWith("missing"))).toEqual([]);
  expect((await truth.run()).problems).toEqual([]);
  expect(truth.wrong()).toEqual([]);
});

test.each(ways)("a repository renamed between two pages ends right (%s)", async (moved) => {
  truth.bitbucket.setMoved(moved);
  afterFirstPage(/\/MOPP\/repos$/, () =>
    truth.bitbucket.renameRepository("MOPP", "pipeline-tools", "a tool"),
  );
  await truth.run();
  truth.bitbucket.setIntercept(undefined);
  expect(truth.ids("bitbucketRepository").filter((id) => id.startsWith("MOPP/data"))).toHaveLength(1);
  expect((await truth.run()).problems).toEqual([]);
  expect(truth.wrong()).toEqual([]);
});

test.each(ways)("a repository moved while its pull requests are listed ends right (%s)", async (moved) => {
  truth.bitbucket.setMoved(moved);
  afterFirstPage(/\/MOPP\/repos\/data-analyses\/pull-requests$/, () =>
    truth.bitbucket.renameRepository("MOPP", "data-analyses", "analyses"),
  );
  await truth.run();
  truth.bitbucket.setIntercept(undefined);
  expect((await truth.run()).problems).toEqual([]);
  expect(truth.wrong()).toEqual([]);
});

/** Answers that are not Bitbucket's word on what was asked for. */
const unclear: readonly (readonly [string, Fault])[] = [
  ["a 404 without a name", { status: 404, body: { errors: [{ message: "no", exceptionName: null }] } }],
  ["a framework's 404", { status: 404, body: { message: "null for uri", "status-code": 404 } }],
  ["a proxy's 404", { status: 404, body: "<html>not found</html>" }],
  ["a log-in page", { status: 302, headers: { location: "/login?next=%2Fprojects" } }],
  ["an empty object", { status: 200, body: {} }],
  ["a page", { status: 200, body: "<html>welcome</html>" }],
  ["503", { status: 503, body: "" }],
  ["a lost connection", "reset"],
];

test.each(unclear)("%s for what no listing shows any more deletes nothing and is named", async (_, fault) => {
  truth.bitbucket.deletePullRequest(["MOPP", "data-analyses", 1]);
  truth.bitbucket.deleteRepository("MOPP", "pipeline-tools");
  truth.bitbucket.deleteProject("SHOP");
  const isAsked = ({ path }: Call) =>
    /\/(projects\/SHOP|repos\/pipeline-tools|pull-requests\/1)$/.test(path) && !path.includes("/commits");
  truth.bitbucket.setIntercept((call) => (isAsked(call) ? fault : undefined));
  const before = ["bitbucketProject", "bitbucketRepository", "bitbucketPullrequest"].map(truth.ids);
  const { problems, counts } = await truth.run({ bitbucket: truth.client() });
  expect(["bitbucketProject", "bitbucketRepository", "bitbucketPullrequest"].map(truth.ids)).toEqual(before);
  for (const name of [
    /^project:shop\b/,
    /^repository:mopp\/pipeline-tools\b/,
    /^pull-request:mopp.data-analyses.1\b/,
  ])
    expect(problems).toContainEqual(expect.stringMatching(name));
  expect(counts["pull-request"]).toMatchObject({ deleted: 0, left: 1 });
});

test.each(unclear)("%s for what an event says is gone deletes nothing", async (_, fault) => {
  const deleted = truth.bitbucket.deletePullRequest(["MOPP", "data-analyses", 1]);
  const renamed = truth.bitbucket.renameRepository("MOPP", "pipeline-tools", "tools");
  truth.bitbucket.setIntercept(({ path }) =>
    /\/(repos\/pipeline-tools|pull-requests\/1)$/.test(path) ? fault : undefined,
  );
  const container = truth.container();
  for (const outcome of [...(await container(deleted)), ...(await container(renamed))])
    expect(outcome.type).toMatch(/^(retry|done)$/);
  expect(truth.ids("bitbucketPullrequest")).toContain("MOPP/data-analyses/1");
  expect(truth.ids("bitbucketRepository")).toContain("MOPP/pipeline-tools");
  truth.bitbucket.setIntercept(undefined);
  expect(await container(deleted, renamed)).toEqual([{ type: "done" }, { type: "done" }]);
  await truth.workOffAsked();
  expect(truth.wrong()).toEqual([]);
});
