import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Broken } from "../../infra/local/simulators/bitbucket/server.ts";
import { startTruth, type Truth } from "../support/truth.ts";

let truth: Truth;
beforeEach(async () => {
  truth = await startTruth();
});
afterEach(() => truth.close());

const slug = "data-analyses";
const own = (text: string) => text.includes(`MOPP/${slug}`);
const readme = "properties.documentation";
const tip = "relations.latestCommitAuthor";
const proxy = { status: 200, body: "<html>one moment</html>" };

/** What is broken, what of the repository is lost with it, and whether that is something at all. */
const variants: readonly (readonly [
  name: string,
  how: Broken,
  lost: readonly string[],
  named: RegExp | undefined,
])[] = [
  ["500 on commits", { commits: 500 }, [tip], /latest commit/],
  ["400 on commits", { commits: 400 }, [tip], /latest commit/],
  ["409 on commits", { commits: 409 }, [tip], /latest commit/],
  ["204 on commits", { commits: 204 }, [tip], undefined],
  ["404 on commits", { commits: 404 }, [tip], undefined],
  ["401 on commits", { commits: 401 }, [tip], undefined],
  ["a page on commits", { commits: proxy }, [tip], /latest commit/],
  ["500 on raw", { raw: 500 }, [readme], /README/],
  ["400 on raw", { raw: 400 }, [readme], /README/],
  ["404 on raw", { raw: 404 }, [readme], undefined],
  ["204 on raw", { raw: 204 }, [readme], undefined],
  ["409 on raw", { raw: 409 }, [readme], /README/],
  ["401 on raw", { raw: 401 }, [readme], undefined],
  ["500 on the pull requests", { pullRequests: 500 }, ["pull requests"], /all of its pull requests/],
  ["401 on the pull requests", { pullRequests: 401 }, ["pull requests"], /all of its pull requests/],
  ["404 on the pull requests", { pullRequests: 404 }, ["pull requests"], undefined],
  ["409 on the pull requests", { pullRequests: 409 }, ["pull requests"], /all of its pull requests/],
  ["a page on the pull requests", { pullRequests: proxy }, ["pull requests"], /all of its pull requests/],
  ["no next page of the pull requests", { pullRequests: "no-next-page" }, [], /all of its pull requests/],
  ["the same page of the pull requests", { pullRequests: "same-page" }, [], /all of its pull requests/],
  ["500 on each pull request", { pullRequest: 500 }, [], undefined],
  [
    "everything",
    { object: 500, commits: 500, raw: 500, pullRequests: 500, pullRequest: 500 },
    [readme, tip, "pull requests"],
    /README/,
  ],
];

/** What is wrong beyond what is lost. */
function beyond(lost: readonly string[]): string[] {
  return truth
    .wrong()
    .filter(
      (what) =>
        !own(what) ||
        !lost.some((part) => what.includes(part) || (part === "pull requests" && what.startsWith("missing"))),
    );
}

describe.each(variants)("a repository with %s", (_, how, lost, named) => {
  test("costs a first import what cannot be read of it and nothing else, and is named", async () => {
    truth.bitbucket.break("MOPP", slug, how);
    const { problems } = await truth.run({ bitbucket: truth.client() });
    expect(beyond(lost)).toEqual([]);
    expect(truth.ids("bitbucketRepository")).toContain(`MOPP/${slug}`);
    if (named === undefined) expect(problems).toEqual([]);
    else expect(problems).toContainEqual(expect.stringMatching(named));
    for (const problem of problems) expect(problem).toMatch(/^repository:mopp.data-analyses: /);
  });

  test("keeps what Port has of it, and the sweep of its project and of the users goes on", async () => {
    expect((await truth.run()).problems).toEqual([]);
    const before = JSON.stringify(
      truth.live.simulator.entity("bitbucketRepository", `MOPP/${slug}`)?.properties,
    );
    truth.bitbucket.break("MOPP", slug, how);
    truth.bitbucket.deleteRepository("MOPP", "pipeline-tools");
    truth.bitbucket.updateProject("MOPP", { description: "Changed beside it" });
    const { problems } = await truth.run({ bitbucket: truth.client() });
    expect(problems.every((problem) => problem.startsWith("repository:mopp/data-analyses: "))).toBe(true);
    const nothing = lost.length > 0 && named === undefined;
    // An answer that says that there is none is believed.
    if (!nothing) expect(truth.wrong()).toEqual([]);
    else expect(beyond(lost)).toEqual([]);
    const after = truth.live.simulator.entity("bitbucketRepository", `MOPP/${slug}`);
    if (!nothing) expect(JSON.stringify(after?.properties)).toBe(before);
    expect(truth.ids("bitbucketPullrequest").filter(own)).toHaveLength(2);
  });

  test("ends as a message after some deliveries, with its neighbours there after the first", async () => {
    truth.bitbucket.break("MOPP", slug, how);
    const done = await truth.messages();
    expect(done.left).toEqual([]);
    expect(Math.max(...done.deliveries)).toBeLessThanOrEqual(8);
    expect(beyond(lost)).toEqual([]);
  });
});
