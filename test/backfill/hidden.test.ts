import { afterEach, beforeEach, expect, test } from "vitest";
import { startTruth, type Truth } from "../support/truth.ts";

let truth: Truth;
beforeEach(async () => {
  truth = await startTruth();
  await truth.run();
});
afterEach(() => truth.close());

const blueprints = ["bitbucketProject", "bitbucketRepository", "bitbucketPullrequest", "bitbucketUser"];
const all = () => blueprints.flatMap(truth.ids);
const name = "com.atlassian.bitbucket.AuthorisationException";
const denied = { status: 401, body: { errors: [{ message: "no", exceptionName: name }] } };

const runs = [
  ["the command", async () => (await truth.run()).problems],
  ["the messages", async () => (await truth.messages()).left],
] as const;

test.each(runs)("a project that one may not see any more stays after %s", async (_, run) => {
  const before = all();
  const project = truth.bitbucket.data.projects.get("SHOP");
  // So that no listing shows it.
  if (project !== undefined) Object.assign(project, { type: "PERSONAL" });
  truth.bitbucket.setIntercept(({ path }) => (path.includes("/projects/SHOP") ? denied : undefined));
  expect(await run()).toEqual([]);
  expect(all()).toEqual(before);
});

test("a message of a project that one may not see any more ends, and names it once", async () => {
  truth.bitbucket.setIntercept(({ path }) => (/\/projects\/SHOP/.test(path) ? denied : undefined));
  const before = all();
  const done = await truth.messages();
  expect(done.left).toEqual([]);
  expect(Math.max(...done.deliveries)).toBe(1);
  expect(done.notes.filter((note) => note.startsWith("project:SHOP"))).toHaveLength(1);
  expect(all()).toEqual(before);
});

test("a message of a project that is gone ends at once", async () => {
  let left = 1;
  truth.bitbucket.setIntercept(({ path }) => {
    if (path.endsWith("/projects") && left-- === 1) setImmediate(() => truth.bitbucket.deleteProject("SHOP"));
    return undefined;
  });
  const done = await truth.messages();
  expect(done.left).toEqual([]);
  expect(Math.max(...done.deliveries)).toBeLessThanOrEqual(2);
  truth.bitbucket.setIntercept(undefined);
  await truth.messages();
  expect(truth.wrong()).toEqual([]);
});

test("a user whom one may not see stays and fails no run", async () => {
  truth.live.simulator.put("bitbucketUser", {
    identifier: "hidden@example.org",
    properties: { username: "hidden", url: `${truth.bitbucket.url}/users/hidden` },
  });
  truth.bitbucket.setIntercept(({ path }) => (path.endsWith("/users/hidden") ? denied : undefined));
  expect((await truth.run()).problems).toEqual([]);
  expect(truth.ids("bitbucketUser")).toContain("hidden@example.org");
});
