import { afterEach, describe, expect, test } from "vitest";
import { basic, bearer, headers, startTruth, type Truth } from "../support/truth.ts";

let truth: Truth;
afterEach(() => truth.close());

const logins = [
  ["bearer", bearer],
  ["basic", basic],
] as const;
const sites = [{}, { hidden: "401" as const }];
const variants = headers.flatMap((usernameHeader) =>
  logins.flatMap(([by, login]) => sites.map((site) => ({ usernameHeader, by, login, site }))),
);

describe.each(variants)("by $by, names $usernameHeader, $site.hidden", ({ usernameHeader, login, site }) => {
  const reason = expect.stringContaining("is not accepted any more");

  test("a login that nobody accepts from the start writes nothing, and the events wait", async () => {
    truth = await startTruth({ bitbucket: { usernameHeader, anonymous: true, ...site } });
    const events = [
      truth.bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], { title: "Of a private project" }),
      truth.bitbucket.updatePullRequest(["SHOP", "data-analyses", 1], { title: "Of a public one" }),
      truth.bitbucket.renameRepository("MOPP", "data-analyses", "analyses"),
    ];
    for (const event of events)
      expect(await truth.container(login)(event)).toEqual([{ type: "retry", reason }]);
    expect(truth.ids("bitbucketPullrequest")).toEqual([]);
    expect(truth.ids("bitbucketRepository")).toEqual([]);
  });

  test("while one has expired in a warm container, what is gone is not deleted, and its event waits", async () => {
    truth = await startTruth({ bitbucket: { usernameHeader, ...site } });
    await truth.run();
    const warm = truth.container(login);
    await warm(truth.bitbucket.deletePullRequest(["MOPP", "data-analyses", 1]));
    const there = truth.ids("bitbucketPullrequest");
    const deleted = truth.bitbucket.deletePullRequest(["MOPP", "data-analyses", 2]);
    truth.bitbucket.expireLogin();
    const [outcome] = await warm(deleted);
    expect(outcome).toMatchObject({ type: "retry" });
    expect(truth.ids("bitbucketPullrequest")).toEqual(there);
  });

  test("while one has expired in a warm container, a change is not taken at its word, and its event waits", async () => {
    truth = await startTruth({ bitbucket: { usernameHeader, ...site } });
    await truth.run();
    const warm = truth.container(login);
    await warm(truth.bitbucket.updateProject("MOPP", { description: "Before" }));
    truth.bitbucket.expireLogin();
    expect(await warm(truth.bitbucket.updateProject("MOPP", { description: "After" }))).toEqual([
      { type: "retry", reason },
    ]);
    expect(truth.live.simulator.entity("bitbucketProject", "MOPP")?.properties["description"]).toBe("Before");
  });

  test("what waited is done once the login is good again", async () => {
    truth = await startTruth({ bitbucket: { usernameHeader, anonymous: true, ...site } });
    const event = truth.bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], { title: "Waited" });
    await truth.container(login)(event);
    truth.bitbucket.restoreLogin();
    expect(await truth.container(login)(event)).toEqual([{ type: "done" }]);
    expect(truth.live.simulator.entity("bitbucketPullrequest", "MOPP/data-analyses/1")?.title).toBe("Waited");
  });
});
