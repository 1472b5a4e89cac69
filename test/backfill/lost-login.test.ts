import { afterEach, describe, expect, test } from "vitest";
import type { BitbucketSimulatorOptions } from "../../infra/local/simulators/bitbucket/server.ts";
import { runCommand, settingsFor } from "../support/command.ts";
import { basic, bearer, headers, startTruth, type Truth } from "../support/truth.ts";

let truth: Truth;
afterEach(() => truth.close());

const sentence = /the login of BITBUCKET_\w+( and BITBUCKET_PASSWORD)? is not accepted any more/;
const writes = () =>
  truth.live.takeCalls().filter((call) => /\/bulk|^(DELETE|PATCH|POST .*\/entities$)/.test(call));
/** SHOP is public, MOPP is not. */
const sites: readonly Partial<BitbucketSimulatorOptions>[] = [
  {},
  { hidden: "401" },
  { anonymousUsers: "empty" },
  { hidden: "401", anonymousUsers: "empty", moved: "follow" },
];
const logins = [bearer, basic] as const;
const variants = headers.flatMap((usernameHeader) =>
  logins.flatMap((login) => sites.map((site) => ({ usernameHeader, login, site }))),
);
const name = (login: string) => login.split(" ")[0]?.toLowerCase();
const named = variants.map((it) => ({ ...it, by: name(it.login), like: JSON.stringify(it.site) }));

describe.each(named)(
  "$by, names $usernameHeader, on a site like $like",
  ({ usernameHeader, login, site }) => {
    test("a login that nobody accepts from the start writes and deletes nothing, and is named", async () => {
      truth = await startTruth({ bitbucket: { usernameHeader, ...site } });
      await truth.run();
      truth.bitbucket.expireLogin();
      truth.bitbucket.deleteRepository("SHOP", "data-analyses");
      truth.bitbucket.updateProject("SHOP", { description: "Changed" });
      truth.live.takeCalls();
      const { problems } = await truth.run({ bitbucket: truth.client(login) });
      expect(writes()).toEqual([]);
      expect(problems.join("\n")).toMatch(sentence);
    });

    test.each([1, 3, 6, 10, 15])("one that expires after %i answers deletes nothing", async (answers) => {
      truth = await startTruth({ bitbucket: { usernameHeader, ...site } });
      await truth.run();
      truth.bitbucket.deleteRepository("SHOP", "pipeline-tools");
      let left = answers;
      const before = ["bitbucketProject", "bitbucketRepository", "bitbucketPullrequest", "bitbucketUser"];
      const ids = before.map(truth.ids);
      truth.bitbucket.setIntercept(({ path }) => {
        if (!path.endsWith("/whoami") && left-- === 0) truth.bitbucket.expireLogin();
        return undefined;
      });
      const { problems, counts } = await truth.run({ bitbucket: truth.client(login) });
      const expired = left < 0;
      const gone = ids.flatMap((own, at) => own.filter((id) => !truth.ids(before[at] ?? "").includes(id)));
      // What was really gone may have been deleted before.
      expect(gone.filter((id) => !id.startsWith("SHOP/pipeline-tools"))).toEqual([]);
      // Nobody is shown no addresses: what was written since would lack them.
      const namesUs = usernameHeader === "always" || (usernameHeader === "basic-only" && login === basic);
      const wrong = truth.wrong().filter((what) => !what.includes("SHOP/pipeline-tools"));
      if (namesUs) expect(wrong).toEqual([]);
      if (expired && counts.repository.deleted === 0) expect(problems.join("\n")).toMatch(sentence);
    });
  },
);

test.each(headers)("the command ends with 1 and says so (names %s)", async (usernameHeader) => {
  truth = await startTruth({ bitbucket: { usernameHeader, anonymous: true } });
  const { code, stdout } = await runCommand("backfill", [], {
    env: settingsFor(truth.bitbucket, truth.live.simulator),
  });
  expect(code).toBe(1);
  expect(stdout).toMatch(sentence);
  expect(truth.ids("bitbucketProject")).toEqual([]);
});

test("a login that is good again is used again by the next run", async () => {
  truth = await startTruth({ bitbucket: { anonymous: true } });
  expect((await truth.run()).problems).not.toEqual([]);
  truth.bitbucket.restoreLogin();
  expect((await truth.run()).problems).toEqual([]);
  expect(truth.wrong()).toEqual([]);
});
