import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";

let harness: BackfillHarness;
beforeEach(async () => {
  const data = demoData({ projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 1, users: 6 });
  harness = await startBackfill({ bitbucket: { data } });
  await harness.run();
});
afterEach(async () => harness.close());

const port = () => harness.live.simulator;
const noSuchUser = {
  status: 404,
  body: {
    errors: [
      { context: null, message: "gone", exceptionName: "com.atlassian.bitbucket.user.NoSuchUserException" },
    ],
  },
};
const leaver = (slug: string) => {
  const properties = { username: slug, url: `${harness.bitbucket.url}/users/${slug}` };
  port().put("bitbucketUser", { identifier: `${slug}@example.org`, properties });
};

test("a user that Bitbucket says does not exist disappears", async () => {
  leaver("leaver");
  harness.bitbucket.setIntercept(({ path }) => (path.endsWith("/users/leaver") ? noSuchUser : undefined));
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([]);
  expect(counts.user).toMatchObject({ deleted: 1, left: 0 });
  expect(port().entity("bitbucketUser", "leaver@example.org")).toBeUndefined();
});

test("a user that is not listed stays where nobody says that there is none", async () => {
  leaver("unlisted");
  port().put("bitbucketUser", { identifier: "by-hand", properties: { username: "by-hand" } });
  for (const answer of [
    { status: 404, body: "<html>no such page</html>" },
    { status: 404, body: { errors: [{ message: "null for uri", exceptionName: null }] } },
    { status: 200, body: { name: "unlisted", slug: "unlisted", active: false } },
    { status: 403, body: { errors: [] } },
  ]) {
    harness.bitbucket.setIntercept(({ path }) => (path.endsWith("/users/unlisted") ? answer : undefined));
    const { counts, problems } = await harness.run();
    expect(problems).toEqual([]);
    expect(counts.user).toMatchObject({ deleted: 0, left: 2 });
  }
});

test("a user that others refer to is kept by Port", async () => {
  leaver("author");
  const relations = { repository: "MOPP/data-analyses", participants: ["author@example.org"] };
  port().put("bitbucketPullrequest", { identifier: "by-hand", properties: {}, relations });
  harness.bitbucket.setIntercept(({ path }) => (path.endsWith("/users/author") ? noSuchUser : undefined));
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([]);
  expect(counts.user).toMatchObject({ deleted: 0, left: 1 });
});

test("users that suddenly are all gone stay", async () => {
  for (let index = 0; index < 20; index++) leaver(`leaver-${index}`);
  harness.bitbucket.setIntercept(({ path }) => (/\/users\/leaver-\d+$/.test(path) ? noSuchUser : undefined));
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([expect.stringContaining("users: 20 of 26 entities would be deleted")]);
  expect(counts.user).toMatchObject({ deleted: 0, withheld: 20 });
});
