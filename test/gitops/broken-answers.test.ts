import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Broken, demoData, type Fault } from "../../infra/local/simulators/bitbucket/server.ts";
import { createBitbucketClient } from "../../lib/bitbucket/client.ts";
import { type GitopsHarness, startGitops } from "../support/gitops.ts";
import { bearer } from "../support/truth.ts";

let gitops: GitopsHarness;
beforeAll(async () => {
  vi.stubEnv("LOG_LEVEL", "error");
  const data = demoData({ projects: 1, repositoriesPerProject: 2, pullRequestsPerRepository: 0, users: 1 });
  gitops = await startGitops({ bitbucket: { data }, maxWaitMs: 100 });
});
afterAll(async () => {
  await gitops.close();
  vi.unstubAllEnvs();
});

const slugs = () => [...(gitops.bitbucket.data.projects.get("MOPP")?.repositories.keys() ?? [])];
const file = (...identifiers: string[]) =>
  JSON.stringify(identifiers.map((identifier) => ({ identifier, blueprint: "service", title: identifier })));
const commit = (index: number, text: string) =>
  gitops.bitbucket.commit("MOPP", slugs()[index] ?? "", { "port.yml": text });
const lists = () => {
  const { entities, created } =
    gitops.entity("bitbucketPortFile", `MOPP/${slugs()[0]}:port.yml`)?.properties ?? {};
  return { entities, created };
};
/** One try for each call. */
const hasty = (timeoutMs: number) =>
  createBitbucketClient(
    { host: gitops.bitbucket.url, authorization: bearer, concurrency: 8 },
    { maxWaitMs: 20, retries: 0, timeoutMs },
  );
const backfill = (timeoutMs = 2_000) =>
  gitops.backfill({ bitbucket: hasty(timeoutMs), allowMassDelete: true });
/** So long, in ms, an answer that has no end is waited for. */
const patienceFor = (name: string) => (/^(stalls|never-ends) /.test(name) ? 500 : 2_000);

let round = 0;
const names = () => [`kept-${round}`, `taken-${round}`] as const;
beforeEach(async () => {
  round++;
  for (const slug of slugs()) gitops.bitbucket.break("MOPP", slug, {});
  gitops.bitbucket.setIntercept(undefined);
  commit(0, file(...names()));
  commit(1, file(`other-${round}`));
  expect((await backfill()).problems).toEqual([]);
  expect(gitops.identifiers("service").toSorted()).toEqual([...names(), `other-${round}`].toSorted());
});

/** What one of two repositories says after that, when an entry is taken out of each. */
function breakAndPush(how: Broken): object[] {
  gitops.bitbucket.break("MOPP", slugs()[0] ?? "", how);
  return [commit(0, file(names()[0])), commit(1, file(`other-${round}`, `more-${round}`))];
}

function expectNothingLost(): void {
  expect(gitops.identifiers("service")).toEqual(expect.arrayContaining([...names(), `more-${round}`]));
  const both = names().map((name) => `service:${name}`);
  expect(lists()).toEqual({ entities: both, created: both });
}

async function expectMended(): Promise<void> {
  for (const slug of slugs()) gitops.bitbucket.break("MOPP", slug, {});
  gitops.bitbucket.setIntercept(undefined);
  await backfill();
  expect(gitops.identifiers("service").toSorted()).toEqual(
    [names()[0], `other-${round}`, `more-${round}`].toSorted(),
  );
}

/** With changes that cannot be told all files are listed. */
const listed = (files: Broken["files"]): Broken => ({ changes: "no-such-commit", ...(files && { files }) });

const cases: Readonly<Record<string, Broken>> = {
  ...Object.fromEntries(
    (
      [
        401,
        403,
        500,
        "nameless-401",
        "nameless-403",
        "nameless-404",
        "page",
        "page-404",
        "cut",
        "cut-unnoticed",
        "stalls",
        "never-ends",
      ] as const
    ).flatMap((trouble) => [
      [`${trouble} for the tip`, { commits: trouble }],
      [`${trouble} for what changed`, { changes: trouble }],
      [`${trouble} for the list of files`, listed(trouble)],
      [`${trouble} for a file`, { raw: trouble }],
    ]),
  ),
  "no default branch": { commits: 404 },
  "nothing at all for the tip, as of an empty repository": { commits: 204 },
  "no commits where there are some": { commits: "empty" },
  "no default branch for the list of files": listed(404),
  "no files where there are some": listed("empty"),
  "a list of files without its next page": listed("no-next-page"),
  "a list of files that leads to itself": listed("same-page"),
  "no such commit for the tip that was just told": listed("no-such-commit"),
  "no such commit for a file at the tip": { raw: "no-such-commit" },
  "no repository for what changed": { changes: 404 },
};

describe.each(Object.entries(cases))("%s", (name, how) => {
  test("loses nothing by a backfill, which names the repository and does the next", async () => {
    breakAndPush(how);
    const { problems, notes } = await backfill(patienceFor(name));
    expectNothingLost();
    // Half a file that looks whole is one with a fault, which its record tells.
    if (name !== "cut-unnoticed for a file")
      expect([...problems, ...notes].join("\n")).toContain(`mopp/${slugs()[0]}: `);
    await expectMended();
  });

  test("loses nothing by a push, and the next repository's is done", async () => {
    const bitbucket = hasty(patienceFor(name));
    const outcomes = await gitops.heard(breakAndPush(how), { bitbucket });
    expect(outcomes[1]).toBe("done");
    expectNothingLost();
    await expectMended();
  });
});

const named = (status: number, exceptionName: string) => ({
  status,
  body: {
    errors: [{ context: null, message: "No", exceptionName: `com.atlassian.bitbucket.${exceptionName}` }],
  },
});
const html = { "content-type": "text/html" };

test.each<[string, Exclude<Fault, string>]>([
  ["401", named(401, "AuthorisationException")],
  ["403", named(403, "AuthorisationException")],
  ["404 without a name", { status: 404, body: { errors: [{ message: "No" }] } }],
  ["no default branch", named(404, "repository.NoDefaultBranchException")],
  ["500", named(500, "scm.CommandFailedException")],
  ["a page", { status: 200, body: "<html>log in</html>", headers: html }],
  ["a page with 404", { status: 404, body: "<html>no</html>", headers: html }],
  ["half an answer", { status: 200, body: '{"id": "refs/heads/main"}', breaksOff: true }],
  ["an answer that stalls", { status: 200, body: '{"id": "refs/heads/main"}', stalls: true }],
  ["an answer that never ends", { status: 200, body: '{"id": ', neverEnds: true }],
])("a push whose repository answers %s to the default branch loses nothing", async (_, fault) => {
  const payloads = breakAndPush({});
  const address = `/repos/${slugs()[0]}/`;
  gitops.bitbucket.setIntercept(({ path }) =>
    path.includes(address) && /\/(default-branch|branches\/default)$/.test(path) ? fault : undefined,
  );
  const bitbucket = hasty(fault.stalls || fault.neverEnds ? 500 : 2_000);
  expect((await gitops.heard(payloads, { bitbucket }))[1]).toBe("done");
  expectNothingLost();
  await expectMended();
});
