import { afterEach, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import type { Call } from "../../infra/local/simulators/http.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";

let harness: BackfillHarness | undefined;
afterEach(async () => harness?.close());

const small = { projects: 3, repositoriesPerProject: 4, pullRequestsPerRepository: 5, users: 8 };
const blueprints = ["bitbucketProject", "bitbucketUser", "bitbucketRepository", "bitbucketPullrequest"];

function catalog({ live }: BackfillHarness) {
  return blueprints.flatMap((blueprint) =>
    live.simulator
      .entities(blueprint)
      .map(({ identifier, title, properties, relations }) => ({
        blueprint,
        identifier,
        title,
        properties,
        relations,
      }))
      .toSorted((a, b) => a.identifier.localeCompare(b.identifier)),
  );
}
const writes = ({ live }: BackfillHarness) =>
  live.simulator.calls.filter(
    ({ method, path }) => method === "DELETE" || path.endsWith("/bulk") || path.endsWith("/delete"),
  );

test("every object of Bitbucket becomes an entity of its own, with relations that lead somewhere", async () => {
  harness = await startBackfill({ bitbucket: { data: demoData(small) } });
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([]);
  expect(counts).toMatchObject({
    project: { seen: 3, created: 3 },
    repository: { seen: 12, created: 12 },
    "pull-request": { seen: 60, created: 60 },
    user: { seen: 8, created: 8 },
  });
  const { simulator } = harness.live;
  expect(blueprints.map((blueprint) => simulator.entities(blueprint).length)).toEqual([3, 8, 12, 60]);
  for (const { relations } of simulator.entities("bitbucketPullrequest")) {
    expect(simulator.entity("bitbucketRepository", String(relations["repository"]))).toBeDefined();
  }
  for (const { identifier, relations } of simulator.entities("bitbucketRepository")) {
    expect(identifier.startsWith(`${relations["project"]}/`)).toBe(true);
  }
  const readmes = simulator
    .entities("bitbucketRepository")
    .filter(({ properties }) => properties["documentation"]);
  expect(readmes.length).toBeGreaterThan(0);
});

test("a second run over an unchanged Bitbucket writes nothing", async () => {
  harness = await startBackfill({ bitbucket: { data: demoData(small) } });
  await harness.run();
  const before = writes(harness).length;
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([]);
  expect(writes(harness).length).toBe(before);
  expect(counts["pull-request"]).toMatchObject({ seen: 60, unchanged: 60, created: 0, updated: 0 });
});

test("with the port-docs mapping a run fills Port's guide's catalog", async () => {
  harness = await startBackfill({ bitbucket: { data: demoData(small) }, mapping: "port-docs" });
  const { problems } = await harness.run();
  expect(problems).toEqual([]);
  expect(harness.live.simulator.entity("bitbucketRepository", "data-analyses")).toBeDefined();
});

test("only what differs is written", async () => {
  harness = await startBackfill({ bitbucket: { data: demoData(small) } });
  await harness.run();
  harness.bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], { title: "Changed meanwhile" });
  harness.bitbucket.updateRepository("MOPP", "data-analyses", { description: "Changed as well" });
  const { counts } = await harness.run();
  expect(counts["pull-request"]).toMatchObject({ updated: 1, created: 0 });
  expect(counts.repository).toMatchObject({ updated: 1, created: 0 });
  expect(harness.live.simulator.entity("bitbucketPullrequest", "MOPP/data-analyses/1")?.title).toBe(
    "Changed meanwhile",
  );
});

test("what Port has newer than the listing is left alone, and asked for", async () => {
  harness = await startBackfill({ bitbucket: { data: demoData(small) } });
  await harness.run();
  const { bitbucket: simulated, live } = harness;
  const { bitbucket } = harness.context();
  let isChanged = false;
  const page: typeof bitbucket.page = async (path, ...rest) => {
    const shown = await bitbucket.page(path, ...rest);
    if (isChanged || !path.includes("/MOPP/repos/data-analyses/pull-requests")) return shown;
    // While the listing is on its way the pull request changes, and its event is consumed.
    isChanged = true;
    const changed = simulated.updatePullRequest(["MOPP", "data-analyses", 1], { title: "Newer" });
    await live.sync([changed as never]);
    return shown;
  };
  const { counts } = await harness.run({ bitbucket: { ...bitbucket, page } });
  expect(counts["pull-request"].updated).toBe(0);
  expect(harness.live.simulator.entity("bitbucketPullrequest", "MOPP/data-analyses/1")?.title).toBe("Newer");
});

test("a date that Port has from nowhere is no reason to leave a pull request behind", async () => {
  harness = await startBackfill({ bitbucket: { data: demoData(small) } });
  await harness.run();
  const { simulator } = harness.live;
  const entity = simulator.entity("bitbucketPullrequest", "MOPP/data-analyses/1");
  if (entity === undefined) throw new Error("not there");
  const { identifier, relations, properties, title } = entity;
  const future = { ...properties, updated_on: "2099-01-01T00:00:00.000Z" };
  simulator.put("bitbucketPullrequest", { identifier, relations, title: "By hand", properties: future });
  await harness.run();
  expect(simulator.entity("bitbucketPullrequest", identifier)?.title).toBe(title);
});

test("a dry run says what would be done and writes nothing", async () => {
  harness = await startBackfill({ bitbucket: { data: demoData(small) } });
  const { withoutWrites } = await import("../../lib/port/dry-run.ts");
  const reported: string[] = [];
  const context = harness.context();
  const { counts, problems } = await harness.run({
    port: withoutWrites(context.port),
    dryRun: true,
    report: (what, kind, identifier) => void reported.push(`${what} ${kind} ${identifier}`),
  });
  expect(problems).toEqual([]);
  expect(counts["pull-request"].created).toBe(60);
  expect(reported).toContain("created pull-request MOPP/data-analyses/1");
  expect(writes(harness)).toEqual([]);
  expect(catalog(harness)).toEqual([]);
});

/** Every nth call fails, but no path more than twice in a row: what lasts longer is a problem to be named. */
const every = <Answer>(nth: number, answer: Answer) => {
  let calls = 0;
  const inRow = new Map<string, number>();
  return ({ path }: Call) => {
    const before = inRow.get(path) ?? 0;
    const fails = ++calls % nth === 0 && before < 2;
    inRow.set(path, fails ? before + 1 : 0);
    return fails ? answer : undefined;
  };
};
const everySeventh = () => every(7, { status: 503, body: "<html>busy</html>" } as const);
const everyEleventhReset = () => every(11, "reset" as const);

const conditions: [string, Parameters<typeof startBackfill>[0]][] = [
  ["pages with gaps, 25 at the most", { bitbucket: { pageCap: 25, pageGaps: true } }],
  ["pages of two with gaps", { bitbucket: { pageCap: 2, pageGaps: true } }],
  ["a context path", { bitbucket: { contextPath: "/bitbucket" } }],
  ["a proxy whose links differ from the host", { bitbucket: { linkBase: "https://git.example.org/bb" } }],
  ["Bitbucket failing on every seventh call", { bitbucket: { intercept: everySeventh() } }],
  ["Bitbucket's connections being reset", { bitbucket: { intercept: everyEleventhReset() } }],
  ["Port's connections being reset", { port: { intercept: everyEleventhReset() } }],
  ["Port failing on every seventh call", { port: { intercept: everySeventh() } }],
  ["Bitbucket's rate limit", { bitbucket: { rateLimit: { tokens: 60, perSecond: 500 } } }],
  [
    "Port's rate limit, reset in seconds",
    { port: { rateLimit: { requests: 10, windowSeconds: 1, resetAs: "seconds" } } },
  ],
  [
    "Port's rate limit, reset in epoch seconds",
    { port: { rateLimit: { requests: 10, windowSeconds: 1, resetAs: "epoch" } } },
  ],
  ["tokens that live for a second", { port: { tokenSeconds: 1, delayMs: 20 } }],
  ["ISO dates", { bitbucket: { dates: "iso", version: "10.0.0" } }],
  ["Bitbucket 8.7", { bitbucket: { version: "8.7.1" } }],
  ["users listed by an administrator", { bitbucket: { adminUsers: true } }],
];

test.each(conditions)("the catalog is the same under: %s", async (_, options) => {
  const plain = await startBackfill({
    bitbucket: { data: demoData(small), linkBase: "https://bitbucket.example.org" },
  });
  await plain.run();
  const expected = catalog(plain);
  await plain.close();
  const linkBase = options?.bitbucket?.linkBase ?? "https://bitbucket.example.org";
  harness = await startBackfill({
    ...options,
    bitbucket: { data: demoData(small), linkBase, ...options?.bitbucket },
  });
  const { problems } = await harness.run();
  expect(problems).toEqual([]);
  const withLinks = JSON.stringify(catalog(harness)).replaceAll(linkBase, "https://bitbucket.example.org");
  expect(JSON.parse(withLinks)).toEqual(JSON.parse(JSON.stringify(expected)));
  const before = writes(harness).length;
  await harness.run();
  expect(writes(harness).length).toBe(before);
});

test("personal projects are read when the filter names them", async () => {
  harness = await startBackfill({ bitbucket: { data: demoData() } });
  const personal = [...harness.bitbucket.data.projects.values()].find((it) => it.type === "PERSONAL");
  const key = personal?.key ?? "";
  expect(key).toMatch(/^~/);
  const { counts, problems } = await harness.run({ projects: [key.toLowerCase()] });
  expect(problems).toEqual([]);
  expect(counts.project).toMatchObject({ seen: 1, created: 1 });
  expect(harness.live.simulator.entities("bitbucketProject").map((it) => it.identifier)).toEqual([
    key.replace("~", "_"),
  ]);
  expect(counts.repository.seen).toBeGreaterThan(0);
});

test("a page that always fails costs only its own project, which is named", async () => {
  harness = await startBackfill({ bitbucket: { data: demoData(small) } });
  const broken = "/projects/SHOP/repos";
  harness.bitbucket.setIntercept(({ path }) =>
    path.endsWith(broken) ? { status: 401, body: { errors: [] } } : undefined,
  );
  const { counts, problems } = await harness.run();
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain("project:SHOP");
  expect(counts.repository.created).toBe(8);
});

test("an object that Port refuses is named, and its neighbours are there", async () => {
  harness = await startBackfill({ bitbucket: { data: demoData(small) } });
  harness.bitbucket.setIntercept(({ path }) => {
    const wanted = path.endsWith("/MOPP/repos/data-analyses/pull-requests");
    const values = [
      {
        id: 99,
        state: "ROTTEN",
        title: "x",
        toRef: { repository: { slug: "data-analyses", project: { key: "MOPP" } } },
      },
    ];
    return wanted ? { status: 200, body: { values, isLastPage: true } } : undefined;
  });
  const { counts, problems } = await harness.run();
  expect(problems).toEqual([expect.stringContaining("pull-request:mopp/data-analyses/99: 422")]);
  expect(counts["pull-request"]).toMatchObject({ failed: 1, created: 55 });
});
