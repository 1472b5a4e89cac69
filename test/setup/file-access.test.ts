import { afterEach, beforeEach, expect, test } from "vitest";
import type { Fault } from "../../infra/local/simulators/bitbucket/server.ts";
import { ConfigError } from "../../lib/errors.ts";
import { rejection } from "../support/rejection.ts";
import { type SetupHarness, startSetup, webhooksOf, writesOf } from "../support/setup.ts";

let harness: SetupHarness;
beforeEach(async () => {
  harness = await startSetup();
});
afterEach(() => harness.close());

const on = { GITOPS_FILES: "**/port.yml" };
const notes = () => harness.notes.filter((note) => note.includes("files"));
const isOfFiles = (path: string) => /\/files\b/.test(path);
function answerFiles(fault: Fault): void {
  harness.bitbucket.setIntercept(({ path }) => (isOfFiles(path) ? fault : undefined));
}
const named = (status: number, exceptionName: string): Fault => ({
  status,
  body: { errors: [{ message: "No", exceptionName: `com.atlassian.bitbucket.${exceptionName}` }] },
});
const page: Fault = {
  status: 200,
  body: "<html>Log in, ann@example.org</html>",
  headers: { "content-type": "text/html" },
};
const first = () => {
  const [project] = harness.bitbucket.data.projects.values();
  return `${project?.key}/${project?.repositories.keys().next().value}`;
};

test("setup tries once whether files can be read, and only where entities come from files", async () => {
  await harness.run();
  expect(harness.bitbucket.calls.filter(({ path }) => isOfFiles(path))).toEqual([]);
  await harness.run({}, on);
  expect(harness.bitbucket.calls.filter(({ path }) => isOfFiles(path))).toHaveLength(1);
  expect(notes()).toEqual([]);
  for (const input of [{ remove: true }, { rotate: true }]) await harness.run(input, on);
  expect(harness.bitbucket.calls.filter(({ path }) => isOfFiles(path))).toHaveLength(1);
});

test.each<[string, Fault, RegExp]>([
  ["401", named(401, "AuthorisationException"), /read permission on the projects and their repositories/],
  ["403", named(403, "AuthorisationException"), /read permission on the projects and their repositories/],
  ["a page", page, /not as Bitbucket's API.*proxy/],
  ["a proxy's 404", { ...page, status: 404 }, /not as Bitbucket's API.*proxy/],
  ["JSON of something else", { status: 200, body: { ok: true } }, /not as Bitbucket's API.*proxy/],
])("%s in place of files is told in words, before anything is written", async (_, fault, words) => {
  answerFiles(fault);
  const error = await rejection(harness.run({}, on));
  expect(error).toBeInstanceOf(ConfigError);
  const faults = (error as ConfigError).faults;
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(words);
  expect(faults[0]).toContain(
    `GITOPS_FILES (on AWS gitopsFiles) is set, but the files of ${first()} cannot be read: `,
  );
  expect(faults[0]).toMatch(/Tried: GET files at http.*BITBUCKET_HOST/);
  expect(faults[0]).not.toContain("ann@");
  expect([...writesOf(harness.bitbucket), ...writesOf(harness.port)]).toEqual([]);
  expect((await harness.run()).ok).toBe(true);
});

test("a Bitbucket that asks for patience there is noted, and the rest is done", async () => {
  answerFiles({ status: 503, body: {} });
  expect((await harness.run({}, on)).ok).toBe(true);
  expect(notes()).toEqual([
    expect.stringMatching(
      /^whether the files of .* can be read, .*could not be tried: Bitbucket answers 503/,
    ),
  ]);
  expect(webhooksOf(harness.bitbucket).size).toBeGreaterThan(0);
});

test.each<[string, Fault]>([
  ["without a commit", named(404, "repository.NoDefaultBranchException")],
  ["that is gone meanwhile", named(404, "repository.NoSuchRepositoryException")],
])("a repository %s is no fault", async (_, fault) => {
  answerFiles(fault);
  expect((await harness.run({}, on)).ok).toBe(true);
  expect(notes()).toEqual([]);
});

test("where the first project has no repository, or may not be read, the next one's is tried", async () => {
  const [project] = harness.bitbucket.data.projects.values();
  harness.bitbucket.setIntercept(({ path }) => {
    if (path.endsWith(`/projects/${project?.key}/repos`)) return named(403, "AuthorisationException");
    return isOfFiles(path) ? named(403, "AuthorisationException") : undefined;
  });
  const error = await rejection(harness.run({}, on));
  expect((error as ConfigError).faults.join()).toMatch(/the files of SHOP\//i);
});
