import { afterAll, beforeAll, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { log } from "../../lib/aws/log.ts";
import { type GitopsHarness, startGitops } from "../support/gitops.ts";

const count = 100;
const start = async () => {
  const data = demoData({
    projects: 1,
    repositoriesPerProject: count,
    pullRequestsPerRepository: 0,
    users: 1,
  });
  return startGitops({ bitbucket: { data } });
};
let gitops: GitopsHarness;
let without: GitopsHarness;
beforeAll(async () => {
  [gitops, without] = await Promise.all([start(), start()]);
  for (const [index, slug] of slugs().entries()) {
    const names = [0, 1, 2].map((part) => ({ identifier: `s${index}-${part}`, blueprint: "service" }));
    for (const { bitbucket } of [gitops, without])
      bitbucket.commit("MOPP", slug, { "port.yml": JSON.stringify(names) });
  }
});
afterAll(() => Promise.all([gitops.close(), without.close()]));

const slugs = () => [...(gitops.bitbucket.data.projects.get("MOPP")?.repositories.keys() ?? [])];

/** Calls that some work makes, to either side, and the writes among them. */
async function costOf({ bitbucket, world }: GitopsHarness, work: () => Promise<unknown>) {
  const { simulator } = world.live;
  const before = [bitbucket.calls.length, simulator.calls.length] as const;
  await work();
  const toPort = simulator.calls.slice(before[1]).filter(({ path }) => !path.endsWith("/access_token"));
  const isWrite = (path: string) => !path.includes("/search");
  return {
    bitbucket: bitbucket.calls.length - before[0],
    port: toPort.length,
    writes: toPort.filter(({ method, path }) => method !== "GET" && isWrite(path)).length,
  };
}

/** What files cost beyond what there is to do without them. */
async function moreFor(what: string, work: (harness: GitopsHarness, isOn: boolean) => Promise<unknown>) {
  const on = await costOf(gitops, () => work(gitops, true));
  const off = await costOf(without, () => work(without, false));
  const more = {
    bitbucket: on.bitbucket - off.bitbucket,
    port: on.port - off.port,
    writes: on.writes - off.writes,
  };
  log("info", "calls more with definition files", { what, ...more });
  return more;
}

const whole = (harness: GitopsHarness, isOn: boolean) => (isOn ? harness.backfill() : harness.world.run());
const heard = (harness: GitopsHarness, isOn: boolean, payload: object) =>
  isOn ? harness.heard([payload], { warm: true }) : harness.world.live.sync([payload] as never);

test("a hundred repositories cost three calls each at first, and none when nothing changed", async () => {
  const first = await moreFor("first sync", whole);
  expect(gitops.identifiers("service")).toHaveLength(3 * count);
  expect(first.bitbucket).toBeLessThanOrEqual(3 * count);
  const unchanged = await moreFor("unchanged", whole);
  expect(unchanged.bitbucket).toBe(0);
  expect(unchanged.port).toBeLessThanOrEqual(2);
  expect(unchanged.writes).toBe(0);
});

test("a push that touches no definition costs Bitbucket two calls, one to another branch or of a tag none", async () => {
  Object.assign(without.world.live.context, { bitbucket: without.world.context().bitbucket });
  const [slug = ""] = slugs();
  let version = 0;
  const push = ({ bitbucket }: GitopsHarness) =>
    bitbucket.commit("MOPP", slug, { "src/a.js": `${++version}` });
  // What a container learns once: the default branch, and which files are referred to.
  await moreFor("first push", (harness, isOn) => heard(harness, isOn, push(harness)));
  const other = await moreFor("push of another file", (harness, isOn) => heard(harness, isOn, push(harness)));
  expect(other.bitbucket).toBeLessThanOrEqual(2);
  expect(other.port).toBe(0);
  const branch = await moreFor("push to another branch", (harness, isOn) =>
    heard(
      harness,
      isOn,
      harness.bitbucket.commit("MOPP", slug, { "port.yml": "[]" }, { branch: "feature/main" }),
    ),
  );
  const tag = await moreFor("tag", (harness, isOn) =>
    heard(harness, isOn, harness.bitbucket.tag("MOPP", slug, "v1")),
  );
  for (const more of [branch, tag]) expect(more).toEqual({ bitbucket: 0, port: 0, writes: 0 });
  expect(gitops.identifiers("service")).toHaveLength(3 * count);
});
