import { afterEach, describe, expect, test } from "vitest";
import type { BitbucketSimulator } from "../../infra/local/simulators/bitbucket/server.ts";
import { distinctData, guideCatalog } from "../support/guide-catalog.ts";
import { small, startTruth, type Truth } from "../support/truth.ts";

let truth: Truth;
afterEach(() => truth.close());

/** Of what Bitbucket tells nobody. */
function unheard(change: (bitbucket: BitbucketSimulator) => void) {
  return (bitbucket: BitbucketSimulator): readonly object[] => {
    change(bitbucket);
    return [];
  };
}

/** What happens, and the events of it, as far as Bitbucket tells. */
const changes: readonly (readonly [
  name: string,
  change: (bitbucket: BitbucketSimulator) => readonly object[],
])[] = [
  ["a repository is renamed", (it) => [it.renameRepository("MOPP", "app-1", "app new")]],
  [
    "a repository's name is taken over",
    (it) => [it.renameRepository("MOPP", "app-1", "app old"), it.renameRepository("MOPP", "app-2", "app 1")],
  ],
  [
    "a repository's name is taken over by another project's",
    (it) => [it.renameRepository("MOPP", "app-1", "app old"), it.renameRepository("SHOP", "shop-1", "app 1")],
  ],
  ["a repository moves into another project", (it) => [it.moveRepository("MOPP", "app-1", "SHOP")]],
  [
    "a repository moves and another takes its name over where it was",
    (it) => [
      it.moveRepository("MOPP", "app-1", "SHOP"),
      it.renameRepository("SHOP", "app-1", "app moved"),
      it.renameRepository("MOPP", "app-2", "app 1"),
    ],
  ],
  ["a project gets another key", (it) => [it.updateProject("MOPP", { key: "PROM" })]],
  [
    "a project gets the key that another had",
    (it) => [it.updateProject("MOPP", { key: "PROM" }), it.updateProject("SHOP", { key: "MOPP" })],
  ],
  ["a pull request is deleted", (it) => [it.deletePullRequest(["MOPP", "app-1", 11])]],
  ["a repository is deleted", unheard((it) => it.deleteRepository("MOPP", "app-1"))],
  ["a project is deleted", unheard((it) => it.deleteProject("SHOP"))],
  ["an e-mail address changes", unheard((it) => it.changeEmail("admin", "new@example.org"))],
  ["an e-mail address changes its case", unheard((it) => it.changeEmail("admin", "Admin@Example.org"))],
  ["an e-mail address disappears", unheard((it) => it.changeEmail("ada.birch", undefined))],
  [
    "everybody's e-mail address changes",
    unheard((it) => {
      for (const { slug } of it.data.users) it.changeEmail(slug, `${slug}@new.example.org`);
    }),
  ],
  [
    "a display name changes",
    unheard((it) => {
      for (const user of it.data.users) user.displayName = `${user.displayName} II`;
    }),
  ],
  ["a login name changes", unheard((it) => it.renameUser("ada.birch", "ada.oak"))],
];

const runs: readonly (readonly [
  name: string,
  run: (events: readonly object[]) => Promise<readonly string[]>,
])[] = [
  ["the command", async () => (await truth.run({ maxDeletePercent: 60 })).problems],
  ["the messages", async () => (await truth.messages({ maxDeletePercent: 60 })).left],
  [
    "what events tell, and the command for the rest",
    async (events) => {
      for (const event of events) expect(await truth.container()(event)).toEqual([{ type: "done" }]);
      await truth.workOffAsked();
      return events.length > 0 ? [] : (await truth.run({ maxDeletePercent: 60 })).problems;
    },
  ],
];

async function start(data = distinctData()): Promise<void> {
  truth = await startTruth({ bitbucket: { data }, mapping: "port-docs", expected: guideCatalog });
  expect((await truth.run()).problems).toEqual([]);
}

describe.each(runs)("with the guide's identifiers, by %s", (_, run) => {
  test.each(changes)("the catalog is true after %s", async (_name, change) => {
    await start();
    expect(truth.wrong()).toEqual([]);
    expect(await run(change(truth.bitbucket))).toEqual([]);
    expect(truth.wrong()).toEqual([]);
  });
});

test("with the guide's identifiers a broken repository costs what cannot be read of it and nothing else", async () => {
  await start();
  truth.bitbucket.break("MOPP", "app-1", { raw: 500, commits: 500, pullRequests: 500, pullRequest: 500 });
  truth.bitbucket.updatePullRequest(["MOPP", "app-2", 21], { title: "Changed beside it" });
  truth.bitbucket.deletePullRequest(["SHOP", "shop-1", 31]);
  const { problems } = await truth.run({ bitbucket: truth.client() });
  expect(problems).toHaveLength(3);
  for (const problem of problems) expect(problem).toMatch(/^repository:mopp.app-1: /);
  expect(truth.wrong()).toEqual([]);
});

/** Both projects have `data-analyses` and `pipeline-tools`, and pull requests 1 and 2 in each. */
const shared: typeof changes = [
  ["a repository is deleted", unheard((it) => it.deleteRepository("MOPP", "data-analyses"))],
  ["a pull request is deleted", (it) => [it.deletePullRequest(["SHOP", "data-analyses", 1])]],
  ["a repository is renamed", (it) => [it.renameRepository("SHOP", "data-analyses", "analyses")]],
  ["a project gets another key", (it) => [it.updateProject("SHOP", { key: "MART" })]],
  ["a project is deleted", unheard((it) => it.deleteProject("SHOP"))],
];

describe.each(runs)("what two objects share there, by %s", (_, run) => {
  test.each(shared)("stays, as the other has it, after %s", async (_name, change) => {
    await start(small());
    await run(change(truth.bitbucket));
    await truth.run({ maxDeletePercent: 60 });
    await truth.run({ maxDeletePercent: 60 });
    // Whichever of those that share an entity was written last.
    expect(truth.wrong().filter((what) => /^(missing|extra)/.test(what))).toEqual([]);
  });
});
