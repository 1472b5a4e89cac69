import { afterEach, beforeEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";
import { runCommand, settingsFor } from "../support/command.ts";

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

const denied = (status: number, exceptionName: string | null) => ({
  status,
  body: {
    errors: [{ context: null, message: "You are not permitted to access this resource", exceptionName }],
  },
});
const authorisation = "com.atlassian.bitbucket.AuthorisationException";
test.each([
  [401, authorisation, 401, authorisation],
  [403, authorisation, 403, authorisation],
  [401, authorisation, 403, null],
  [403, null, 401, null],
])("where users may not be listed (%s %s, %s %s) that is one note, and no user goes", async (...row) => {
  const [adminStatus, adminName, status, name] = row;
  leaver("leaver");
  const before = port().entities("bitbucketUser").length;
  harness.bitbucket.setIntercept(({ path }) => {
    if (path.endsWith("/admin/users")) return denied(adminStatus, adminName);
    if (path.endsWith("/users")) return denied(status, name);
    return path.includes("/users/") ? noSuchUser : undefined;
  });
  const { notes, problems, counts } = await harness.run();
  expect(problems).toEqual([]);
  expect(notes.filter((note) => note.includes("users"))).toEqual([
    expect.stringMatching(
      /may not list users.*from pull requests and commits alone, and leavers are not swept/,
    ),
  ]);
  expect(counts.user.deleted).toBe(0);
  expect(port().entities("bitbucketUser")).toHaveLength(before);

  const env = settingsFor(harness.bitbucket, port());
  const { code, stdout } = await runCommand("backfill", [], { env });
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^i these credentials may not list users/m)]);
  expect(port().entities("bitbucketUser")).toHaveLength(before);
});
