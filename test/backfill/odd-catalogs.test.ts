import { afterEach, expect, test } from "vitest";
import {
  type BitbucketSimulatorOptions,
  bitbucketDemoPassword,
  bitbucketDemoUsername,
  demoData,
} from "../../infra/local/simulators/bitbucket/server.ts";
import { backfillRepository } from "../../lib/backfill/repository.ts";
import { backfillUsers } from "../../lib/backfill/users.ts";
import { createBitbucketClient } from "../../lib/bitbucket/client.ts";
import { createMapper } from "../../lib/mapping/mapper.ts";
import { parseMapping } from "../../lib/mapping/schema.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";
import { clientOf } from "../support/port-client.ts";
import { rejection } from "../support/rejection.ts";

const sizes = { projects: 3, repositoriesPerProject: 3, pullRequestsPerRepository: 2, users: 5 };
let harness: BackfillHarness;
afterEach(() => harness.close());

async function start(bitbucket: BitbucketSimulatorOptions = {}): Promise<void> {
  harness = await startBackfill({ bitbucket: { data: demoData(sizes), ...bitbucket } });
}
const port = () => harness.live.simulator;
const ids = (blueprint: string) =>
  port()
    .entities(blueprint)
    .map(({ identifier }) => identifier);

/** What an administrator with a password sees, who may list all users. */
function administrator() {
  const login = Buffer.from(`${bitbucketDemoUsername}:${bitbucketDemoPassword}`).toString("base64");
  const config = { host: harness.bitbucket.url, authorization: `Basic ${login}`, concurrency: 4 };
  return createBitbucketClient(config, { maxWaitMs: 1_000, retries: 0 });
}

test("an administrator's listing of users is read page by page", async () => {
  await start({ pageCap: 2 });
  const context = harness.context({ bitbucket: administrator() });
  expect((await backfillUsers(context)).problems).toEqual([]);
  expect(context.counts.user).toMatchObject({ seen: 5, created: 5 });
  expect(harness.bitbucket.calls.map(({ path }) => path.split("/").slice(-2).join("/"))).toEqual(
    Array.from({ length: 3 }, () => "admin/users"),
  );
});

test("a listing of users that fails is not taken for one that may not be seen", async () => {
  await start();
  harness.bitbucket.setIntercept(() => ({ status: 500, body: { errors: [] } }));
  const context = harness.context({ bitbucket: administrator() });
  expect(await rejection(backfillUsers(context))).toMatchObject({ failure: { status: 500 } });
  expect(harness.bitbucket.calls).toHaveLength(1);
});

test("objects of which Bitbucket does not say what they are are named, or passed over, and cost nothing else", async () => {
  await start();
  harness.bitbucket.setIntercept(({ path }) => {
    const values = path.endsWith("/repos") ? [{ name: "no slug" }] : [{ id: "one" }];
    const odd = path.endsWith("/repos") || path.endsWith("/pull-requests");
    return odd ? { status: 200, body: { isLastPage: true, values } } : undefined;
  });
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([]);
  expect(counts.repository).toMatchObject({ seen: 3, created: 0, failed: 0 });
  const address = { kind: "repository", key: "MOPP", slug: "data-analyses" } as const;
  const context = harness.context();
  expect(await backfillRepository(address, context)).toEqual([]);
  expect(context.counts["pull-request"]).toMatchObject({ seen: 1, created: 0, failed: 0 });
});

test("a mapping that gives no identifier is a problem of each object", async () => {
  await start();
  const mapping = `
resources:
  - kind: project
    port: { entity: { mappings: { identifier: .nothing, blueprint: '"bitbucketProject"' } } }
`;
  const mapper = await createMapper(parseMapping(mapping, "test"), "test");
  const { counts, problems } = await harness.run({ mapper });
  expect(problems).toHaveLength(3);
  expect(problems).toContain("project:mopp: the mapping gives no identifier");
  expect(counts.project).toMatchObject({ seen: 3, failed: 3 });
});

test("an object that cannot be mapped is named, and costs nobody else anything", async () => {
  await start();
  const extra = `${"[".repeat(11_000)}${"]".repeat(11_000)}`;
  const values = `[{"key":"ODD","extra":${extra}},{"key":"HALF","name":"\\ud83d"},{"key":"WELL","name":"w"}]`;
  harness.bitbucket.setIntercept(({ path }) =>
    path.endsWith("/projects") ? { status: 200, body: `{"isLastPage":true,"values":${values}}` } : undefined,
  );
  const { counts, problems } = await harness.run();
  expect(problems).toContain("project:odd: the mapping fails: it is more than 200 levels deep");
  expect(counts.project).toMatchObject({ seen: 3, created: 2, failed: 1 });
  expect(ids("bitbucketProject")).toEqual(["HALF", "WELL"]);
});

test("with a mapping without links and states nothing is ever deleted", async () => {
  const mapping = `
resources:
  - kind: project
    port: { entity: { mappings: { identifier: .key, blueprint: '"bitbucketProject"' } } }
  - kind: repository
    port:
      entity:
        mappings:
          identifier: .project.key + "/" + .slug
          blueprint: '"bitbucketRepository"'
          relations: { project: .project.key }
  - kind: pull-request
    port:
      entity:
        mappings:
          identifier: .toRef.repository.project.key + "/" + .toRef.repository.slug + "/" + (.id | tostring)
          blueprint: '"bitbucketPullrequest"'
          relations: { repository: .toRef.repository.project.key + "/" + .toRef.repository.slug }
`;
  await start();
  const mapper = await createMapper(parseMapping(mapping, "test"), "test");
  expect((await harness.run({ mapper })).problems).toEqual([]);
  harness.bitbucket.deletePullRequest(["MOPP", "data-analyses", 1]);
  harness.bitbucket.deleteProject("SHOP");
  const before = ids("bitbucketPullrequest").length;
  const { counts, problems } = await harness.run({ mapper, state: "OPEN" });
  expect(problems).toEqual([]);
  expect(counts.project).toMatchObject({ deleted: 0, left: 1 });
  expect(ids("bitbucketPullrequest")).toHaveLength(before);
});

test("many deletions in a project that the filter names are not hidden by what other projects have", async () => {
  await start({ data: demoData({ ...sizes, pullRequestsPerRepository: 3 }) });
  await harness.run();
  const [first = ""] = ids("bitbucketProject");
  const project = port().entity("bitbucketProject", first);
  if (project === undefined) throw new Error("no project");
  port().put("bitbucketProject", { ...project, identifier: "NOTES", properties: {} });
  harness.bitbucket.deleteProject(first);
  const { counts, problems } = await harness.run({ projects: [first], maxDeletePercent: 50 });
  // The project with its three repositories and nine pull requests.
  expect(problems).toEqual([expect.stringMatching(/^projects: 13 of 1\d entities would be deleted/)]);
  expect(counts.project).toMatchObject({ deleted: 0, withheld: 1 });
  expect(ids("bitbucketProject")).toContain(first);
});

test("when time runs out at Port, the run ends there and takes nothing for refused", async () => {
  await start();
  const time = new AbortController();
  port().setIntercept(({ path, body }) => {
    if (path.endsWith("/bitbucketPullrequest/entities/bulk") && body !== undefined) time.abort();
    return undefined;
  });
  const context = harness.context({
    port: clientOf(port().url, { signal: () => time.signal, retries: 0 }),
  });
  const address = { kind: "repository", key: "MOPP", slug: "data-analyses" } as const;
  expect(await rejection(backfillRepository(address, context))).toMatchObject({ name: "AbortError" });
  expect(context.counts["pull-request"].failed).toBe(0);
});
