import { afterEach, describe, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { startTruth, type Truth } from "../support/truth.ts";

let truth: Truth;
afterEach(() => truth.close());

const four = () =>
  demoData({ projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 1, users: 4 });
const runs = [
  ["the command", async () => (await truth.run()).problems],
  ["the messages", async () => (await truth.messages()).left],
] as const;

/** A person whom nothing names but a role; who it is depends on the role. */
async function known(role: string, email: boolean, mapping = "default"): Promise<string> {
  truth = await startTruth({ bitbucket: { data: four() }, mapping });
  const { bitbucket } = truth;
  const leaver = { name: "zoe", slug: "zoe", displayName: "Zoe Zeder", id: 9_000, active: true };
  const person = {
    ...leaver,
    type: "NORMAL" as const,
    ...(email ? { emailAddress: "zoe@example.org" } : {}),
  };
  bitbucket.data.users.push(person);
  const pull = bitbucket.data.projects.get("MOPP")?.repositories.get("data-analyses")?.pullRequests.get(1);
  if (pull === undefined) throw new Error("no pull request");
  if (role === "author") bitbucket.createPullRequest("MOPP", "data-analyses", { author: "zoe" });
  if (role === "reviewer") bitbucket.setReviewers(["MOPP", "data-analyses", 1], ["zoe"]);
  if (role === "participant") bitbucket.comment(["MOPP", "data-analyses", 1], "zoe", "Hello");
  if (role === "committer") {
    const repository = pull.toRef.repository;
    const [first] = repository.commits;
    if (first === undefined) throw new Error("no commit");
    repository.commits = [{ ...first, id: "f".repeat(40), author: person }, ...repository.commits];
  }
  await truth.run();
  return email ? "zoe@example.org" : "zoe";
}

describe.each(["default", "port-docs"])("with the %s mapping", (mapping) => {
  describe.each([true, false])("a leaver with an address: %s", (email) => {
    test.each(["author", "reviewer", "participant", "committer"])(
      "whom something names as %s keeps the entity, which no run touches",
      async (role) => {
        const identifier = await known(role, email, mapping);
        // What has no address there is named by nothing in this mapping.
        const isNamed = mapping === "default" || email || role === "author";
        truth.bitbucket.deleteUser("zoe");
        for (const [, run] of runs) {
          truth.live.takeCalls();
          expect(await run()).toEqual([]);
          expect(truth.ids("bitbucketUser").includes(identifier)).toBe(isNamed);
          if (isNamed)
            expect(truth.live.takeCalls().filter((call) => /\/bulk|^DELETE/.test(call))).toEqual([]);
        }
      },
    );

    test.each(runs)("whom nothing names goes once by %s", async (_, run) => {
      const identifier = await known("nothing", email, mapping);
      expect(truth.ids("bitbucketUser")).toContain(identifier);
      truth.bitbucket.deleteUser("zoe");
      expect(await run()).toEqual([]);
      expect(truth.ids("bitbucketUser")).not.toContain(identifier);
      truth.live.takeCalls();
      await run();
      expect(truth.live.takeCalls().filter((call) => /\/bulk|^DELETE/.test(call))).toEqual([]);
    });
  });
});

test("a leaver who is called like somebody else goes when nothing names the leaver", async () => {
  await known("nothing", true);
  const [first] = truth.bitbucket.data.users;
  const zoe = truth.bitbucket.data.users.at(-1);
  if (first === undefined || zoe === undefined) throw new Error("nobody");
  zoe.displayName = first.displayName;
  await truth.run();
  truth.bitbucket.deleteUser("zoe");
  expect((await truth.run()).problems).toEqual([]);
  expect(truth.ids("bitbucketUser")).not.toContain("zoe@example.org");
});

test.each([422, 409] as const)(
  "Port that refuses to delete a leaver with %i fails no run",
  async (dependents) => {
    truth = await startTruth({ bitbucket: { data: four() }, port: { dependents } });
    await truth.run();
    const { simulator } = truth.live;
    const relations = { latestCommitAuthor: "cleo.dogwood@example.org" };
    simulator.put("bitbucketRepository", { identifier: "by/hand", properties: {}, relations });
    truth.bitbucket.deleteUser("cleo.dogwood");
    expect((await truth.run()).problems).toEqual([]);
    expect(truth.ids("bitbucketUser")).toContain("cleo.dogwood@example.org");
  },
);

test("a person who is erased goes under the alias, and once nothing has the old name the old entity goes", async () => {
  const identifier = await known("author", true);
  truth.bitbucket.eraseUser("zoe");
  for (let again = 0; again < 2; again++) expect((await truth.run()).problems).toEqual([]);
  expect(truth.ids("bitbucketUser")).not.toContain(identifier);
  expect(truth.wrong()).toEqual([]);
});

test("a former entity of somebody without an address goes, but not once he has left and a text may mean either", async () => {
  await known("author", false);
  const { bitbucket, live } = truth;
  const url = `${bitbucket.url}/users/zora`;
  const zora = {
    identifier: "zora",
    title: "Zoe Zeder",
    properties: { username: "zora", url },
    relations: {},
  };
  const ids = () => truth.ids("bitbucketUser").filter((id) => ["zoe", "zora"].includes(id));
  live.simulator.put("bitbucketUser", zora);
  expect((await truth.run()).problems).toEqual([]);
  expect(ids()).toEqual(["zoe"]);
  live.simulator.put("bitbucketUser", zora);
  bitbucket.deleteUser("zoe");
  expect((await truth.run()).problems).toEqual([]);
  expect(ids()).toEqual(["zoe", "zora"]);
});
