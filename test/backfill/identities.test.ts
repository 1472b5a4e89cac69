import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { loadMapper, portPath } from "../../lib/mapping/load.ts";
import { createMapper } from "../../lib/mapping/mapper.ts";
import { parseMapping } from "../../lib/mapping/schema.ts";
import { startTruth, type Truth } from "../support/truth.ts";

let truth: Truth;
afterEach(() => truth.close());

const runs = [
  ["the command", async () => (await truth.run()).problems],
  ["the messages", async () => (await truth.messages()).left],
] as const;

const changes: readonly (readonly [name: string, change: (truth: Truth) => void])[] = [
  ["changes", ({ bitbucket }) => bitbucket.changeEmail("admin", "new@example.org")],
  ["disappears", ({ bitbucket }) => bitbucket.changeEmail("ada.birch", undefined)],
  ["appears", ({ bitbucket }) => bitbucket.changeEmail("bo.cedar", "bo@example.org")],
  ["changes its case", ({ bitbucket }) => bitbucket.changeEmail("admin", "Admin@Example.org")],
  [
    "changes for everybody",
    ({ bitbucket }) => {
      for (const { slug } of bitbucket.data.users) bitbucket.changeEmail(slug, `${slug}@new.example.org`);
    },
  ],
  [
    "becomes another's",
    ({ bitbucket }) => {
      bitbucket.changeEmail("admin", "moved@example.org");
      bitbucket.changeEmail("ada.birch", "admin@example.org");
    },
  ],
  ["stays while the name changes", ({ bitbucket }) => bitbucket.renameUser("ada.birch", "ada.oak")],
];

describe.each(runs)("by %s", (_, run) => {
  test.each(changes)("a user whose e-mail address %s has one entity", async (name, change) => {
    truth = await startTruth();
    if (name === "appears") truth.bitbucket.changeEmail("bo.cedar", undefined);
    await truth.run();
    expect(truth.wrong()).toEqual([]);
    change(truth);
    expect(await run()).toEqual([]);
    expect(await run()).toEqual([]);
    expect(truth.wrong()).toEqual([]);
  });
});

test.each(changes)(
  "an event after an e-mail address %s leaves one entity after the next run",
  async (name, change) => {
    truth = await startTruth();
    if (name === "appears") truth.bitbucket.changeEmail("bo.cedar", undefined);
    await truth.run();
    const before = truth.bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], { title: "Before" });
    change(truth);
    const after = truth.bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], { title: "After" });
    await truth.container()(after);
    // Of when the address was another one.
    await truth.container()(before);
    await truth.run();
    await truth.run();
    expect(truth.wrong()).toEqual([]);
  },
);

/** The default mapping with other identifiers for repositories and pull requests. */
async function otherNames() {
  const text = readFileSync(portPath("mappings/default.yml"), "utf8").replaceAll(
    '+ "/" + .slug',
    '+ "." + .slug',
  );
  return createMapper(parseMapping(text, "own"), "own");
}

const isOfThat = (note: string) => note.includes("--delete-superseded");

test("identifiers of a changed mapping leave no two for one object in silence", async () => {
  truth = await startTruth();
  await truth.run();
  const before = truth.ids("bitbucketRepository");
  const mapper = await otherNames();
  const { problems, notes } = await truth.run({ mapper });
  expect(problems).toEqual([]);
  for (const identifier of before) expect(truth.ids("bitbucketRepository")).toContain(identifier);
  expect(notes.filter(isOfThat).join("\n")).toMatch(/bitbucketRepository: MOPP\/data-analyses, /);

  const again = await truth.run({ mapper, deleteSuperseded: true, allowMassDelete: true });
  expect([again.problems, again.notes.filter(isOfThat)]).toEqual([[], []]);
  const left = [...truth.ids("bitbucketRepository"), ...truth.ids("bitbucketPullrequest")];
  expect(left.filter((id) => !/^(MOPP|SHOP)\./.test(id))).toEqual([]);
  expect(truth.ids("bitbucketPullrequest")).toHaveLength(8);
});

test("with the mapping as it was, nothing of that is said", async () => {
  truth = await startTruth();
  await truth.run();
  const mapper = await loadMapper("default");
  const done = await truth.run({ mapper });
  expect([done.problems, done.notes.filter(isOfThat)]).toEqual([[], []]);
});
