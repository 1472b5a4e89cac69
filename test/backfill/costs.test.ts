import { afterEach, beforeEach, expect, test } from "vitest";
import { sweepUsers } from "../../lib/backfill/sweep-users.ts";
import type { Mapper } from "../../lib/mapping/mapper.ts";
import { startTruth, type Truth } from "../support/truth.ts";

let truth: Truth;
beforeEach(async () => {
  truth = await startTruth();
  await truth.run();
});
afterEach(() => truth.close());

test("deciding about many unlisted entities takes as many evaluations as about one", async () => {
  const { mapper } = truth.live.context;
  let evaluations = 0;
  const map: Mapper["map"] = (kind, objects) => {
    evaluations++;
    return mapper.map(kind, objects);
  };
  const counting = { ...mapper, map };
  const repository = truth.bitbucket.data.projects.get("MOPP")?.repositories.get("data-analyses");
  const [pull] = repository?.pullRequests.values() ?? [];
  if (repository === undefined || pull === undefined) throw new Error("no pull request");
  const counts: number[] = [];
  for (const many of [1, 300]) {
    const { simulator } = truth.live;
    const known = simulator.entity("bitbucketPullrequest", "MOPP/data-analyses/1");
    for (let id = 1_000; id < 1_000 + many; id++) {
      const link = `${truth.bitbucket.url}/projects/MOPP/repos/data-analyses/pull-requests/${id}`;
      const properties = { ...known?.properties, link };
      simulator.put("bitbucketPullrequest", {
        identifier: `MOPP/data-analyses/${id}`,
        properties,
        relations: { repository: "MOPP/data-analyses" },
      });
    }
    evaluations = 0;
    expect((await truth.run({ mapper: counting, allowMassDelete: true })).problems).toEqual([]);
    counts.push(evaluations);
  }
  expect(truth.wrong()).toEqual([]);
  expect(counts[1]).toBe(counts[0]);
});

test("users who were found to be gone before time was up go, and the others stay", async () => {
  const put = (slug: string) =>
    truth.live.simulator.put("bitbucketUser", {
      identifier: `${slug}@example.org`,
      properties: { username: slug, url: `${truth.bitbucket.url}/users/${slug}` },
    });
  for (let index = 0; index < 4; index++) put(`leaver-${index}`);
  let asked = 0;
  const context = truth.context({ outOfTime: () => asked++ >= 2 });
  const listed = new Set(truth.bitbucket.data.users.map(({ slug }) => `user:${slug}`));
  const keys = new Map(
    truth.bitbucket.data.users.map(({ slug, emailAddress }) => [
      `bitbucketUser\n${emailAddress}` as Parameters<typeof sweepUsers>[0]["keys"] extends ReadonlyMap<
        infer Key,
        string
      >
        ? Key
        : never,
      `user:${slug}`,
    ]),
  );
  expect(await sweepUsers({ listed, keys }, context)).toEqual([]);
  expect(truth.ids("bitbucketUser").filter((id) => id.startsWith("leaver"))).toHaveLength(2);
  expect(context.counts.user).toMatchObject({ deleted: 2, left: 2 });
});

test("a team given as text is not written again by the next run", async () => {
  const { mapper } = truth.live.context;
  const map: Mapper["map"] = (kind, objects) =>
    mapper.map(kind, objects).map((mapped) => ({
      ...mapped,
      entities: mapped.entities.map((entity) => ({ ...entity, team: "platform" })),
    }));
  const own = { mapper: { ...mapper, map } };
  await truth.run(own);
  truth.live.takeCalls();
  const { counts } = await truth.run(own);
  expect(truth.live.takeCalls().filter((call) => call.endsWith("/bulk"))).toEqual([]);
  expect(counts.repository.updated).toBe(0);
});
