import { afterEach, describe, expect, test } from "vitest";
import type { BitbucketSimulatorOptions } from "../../infra/local/simulators/bitbucket/server.ts";
import { runCommand, settingsFor } from "../support/command.ts";
import { basic, bearer, small, startTruth, type Truth } from "../support/truth.ts";

let truth: Truth;
afterEach(() => truth.close());

const sentence =
  /the login of BITBUCKET_\w+( and BITBUCKET_PASSWORD)? is not accepted any more|does not accept (the credentials|BITBUCKET_\w+)/;
const blueprints = ["bitbucketProject", "bitbucketRepository", "bitbucketPullrequest", "bitbucketUser"];
const changes = () =>
  truth.live.takeCalls().filter((call) => /\/bulk|^(DELETE|PATCH|POST .*\/entities$)/.test(call));

/** A Bitbucket that shows nothing at all to who is not logged in. */
function nothingPublic() {
  const data = small();
  for (const project of data.projects.values()) {
    project.public = false;
    for (const repository of project.repositories.values()) repository.public = false;
  }
  return data;
}

const sites: readonly (readonly [string, Partial<BitbucketSimulatorOptions>])[] = [
  ["an empty listing and 404", {}],
  ["an empty listing, no users and 401", { hidden: "401", anonymousUsers: "empty" }],
  ["401 for a permission", { publicAccess: "denied" }],
  ["401 for a password", { publicAccess: false }],
];
/** One login for each way in which answers name the user. */
const logins = [
  ["a token that is always named", "always", bearer],
  ["a password that is always named", "always", basic],
  ["a token that is never named", "never", bearer],
] as const;

describe.each(sites)("where nobody hears %s", (_site, site) => {
  describe.each(logins)("%s", (_login, usernameHeader, login) => {
    const runs = [
      ["the command", async () => (await truth.run({ bitbucket: truth.client(login) })).problems],
      [
        "the command for named projects",
        async () =>
          (await truth.run({ bitbucket: truth.client(login), projects: ["MOPP", "SHOP"] })).problems,
      ],
      [
        "the messages",
        async () => {
          try {
            return (await truth.messages({ bitbucket: truth.client(login) })).left;
          } catch (error) {
            return [String(error)];
          }
        },
      ],
    ] as const;

    test.each(runs)(
      "that is not accepted from the start changes nothing by %s, and is named",
      async (_, run) => {
        truth = await startTruth({ bitbucket: { usernameHeader, data: nothingPublic(), ...site } });
        await truth.run();
        const before = blueprints.map(truth.ids);
        truth.bitbucket.expireLogin();
        truth.bitbucket.deleteProject("SHOP");
        truth.live.takeCalls();
        expect((await run()).join("\n")).toMatch(sentence);
        expect(changes()).toEqual([]);
        expect(blueprints.map(truth.ids)).toEqual(before);
      },
    );

    test.each([1, 9])("that expires after %i answers deletes nothing that is there", async (answers) => {
      truth = await startTruth({ bitbucket: { usernameHeader, data: nothingPublic(), ...site } });
      await truth.run();
      const before = blueprints.map(truth.ids);
      let left = answers;
      truth.bitbucket.setIntercept(({ path }) => {
        if (!path.endsWith("/whoami") && left-- === 0) truth.bitbucket.expireLogin();
        return undefined;
      });
      const { problems } = await truth.run({ bitbucket: truth.client(login) });
      expect(left).toBeLessThan(0);
      expect(problems.join("\n")).toMatch(sentence);
      expect(blueprints.map(truth.ids)).toEqual(before);
    });
  });

  test("the command ends with 1 and says so, on an empty catalog as well", async () => {
    truth = await startTruth({ bitbucket: { data: nothingPublic(), anonymous: true, ...site } });
    const env = settingsFor(truth.bitbucket, truth.live.simulator);
    const { code, stdout } = await runCommand("backfill", [], { env });
    expect(code).toBe(1);
    expect(stdout).toMatch(sentence);
  });
});
