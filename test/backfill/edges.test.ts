import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import type { Call, Fault } from "../../infra/local/simulators/http.ts";
import { backfillRepository } from "../../lib/backfill/repository.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";

const sizes = { projects: 2, repositoriesPerProject: 3, pullRequestsPerRepository: 3, users: 4 };
let harness: BackfillHarness;
beforeEach(async () => {
  harness = await startBackfill({ bitbucket: { data: demoData(sizes) } });
});
afterEach(async () => harness.close());

const when = (matches: (call: Call) => boolean, fault: Fault) => (call: Call) =>
  matches(call) ? fault : undefined;
const noErrors = { errors: [] };

test("a repository that is deleted while its project is read costs nothing else", async () => {
  const gone = {
    status: 404,
    body: { errors: [{ message: "gone", exceptionName: "NoSuchRepositoryException" }] },
  };
  harness.bitbucket.setIntercept(
    when(({ path }) => path.endsWith("/MOPP/repos/data-analyses/pull-requests"), gone),
  );
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([]);
  expect(counts["pull-request"].seen).toBe(15);
});

test("a README that we may not see stays as it is in Port", async () => {
  await harness.run();
  const repository = () => harness.live.simulator.entity("bitbucketRepository", "MOPP/data-analyses");
  const before = repository()?.properties["documentation"];
  expect(before).toContain("data analyses");
  harness.bitbucket.setIntercept(
    when(({ path }) => path.endsWith("/raw/README.md"), { status: 403, body: noErrors }),
  );
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([]);
  expect(counts.repository).toMatchObject({ unchanged: 6, updated: 0 });
  expect(repository()?.properties["documentation"]).toBe(before);
});

test("a project that the filter names and nobody may read is a problem, the others are done", async () => {
  harness.bitbucket.setIntercept(
    when(({ path }) => path.endsWith("/projects/~secret"), { status: 401, body: noErrors }),
  );
  const { counts, problems } = await harness.run({ projects: ["MOPP", "~secret"] });
  expect(problems).toEqual(["project:~secret: not readable"]);
  expect(counts.repository.created).toBe(3);
});

test("a filter that names nothing is a problem, not an empty success", async () => {
  const { problems } = await harness.run({ projects: ["TYPO"] });
  expect(problems).toEqual(["project:TYPO: not in Bitbucket"]);
});

test("a listing without end or sense is refused, not taken for complete", async () => {
  const pages = [
    { isLastPage: false, values: [] },
    { isLastPage: false, values: [], nextPageStart: 0 },
    { isLastPage: true },
    { values: [] },
    [],
  ];
  for (const page of pages) {
    harness.bitbucket.setIntercept(
      when(({ path }) => path.endsWith("/projects"), { status: 200, body: page }),
    );
    const { problems } = await harness.run();
    expect(problems).toEqual([expect.stringMatching(/Tried: GET projects at/)]);
  }
});

test("when Port loses its answers to deletions, they are made once more and nothing else is", async () => {
  await harness.run();
  harness.bitbucket.deletePullRequest(["MOPP", "data-analyses", 1]);
  harness.bitbucket.deletePullRequest(["MOPP", "data-analyses", 2]);
  let lost = 0;
  harness.live.simulator.setIntercept(({ path }) =>
    path.endsWith("/entities/delete") && lost++ < 1 ? "apply-then-reset" : undefined,
  );
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([]);
  expect(counts["pull-request"].deleted).toBe(2);
  expect(harness.live.simulator.entities("bitbucketPullrequest")).toHaveLength(16);
});

test("when Port is away during the deletions, the project is named and nothing is lost", async () => {
  await harness.run();
  harness.bitbucket.deletePullRequest(["MOPP", "data-analyses", 1]);
  harness.live.simulator.setIntercept(
    when(({ method }) => method === "DELETE", { status: 403, body: { ok: false, error: "forbidden" } }),
  );
  const { problems } = await harness.run();
  expect(problems).toEqual([expect.stringMatching(/^project:MOPP: Port.* \(403\): .*Tried: DELETE/)]);
});

test("a single repository can be read anew, and one that is gone is nothing to do", async () => {
  const context = harness.context();
  const address = { kind: "repository", key: "MOPP", slug: "data-analyses" } as const;
  expect(await backfillRepository(address, context)).toEqual([]);
  expect(harness.live.simulator.entities("bitbucketRepository").map((it) => it.identifier)).toEqual([
    "MOPP/data-analyses",
  ]);
  expect(harness.live.simulator.entities("bitbucketPullrequest")).toHaveLength(3);
  expect(await backfillRepository({ ...address, slug: "nothing" }, context)).toEqual([]);
});
