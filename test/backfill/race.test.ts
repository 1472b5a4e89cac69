import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { addUser } from "../../infra/local/simulators/bitbucket/building.ts";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import type { Call } from "../../infra/local/simulators/http.ts";
import type { JsonObject } from "../../lib/json.ts";
import { type BackfillHarness, startBackfill } from "../support/backfill.ts";

const sizes = { projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 3, users: 4 };
let harness: BackfillHarness;
beforeEach(async () => {
  harness = await startBackfill({ bitbucket: { data: demoData(sizes) } });
});
afterEach(async () => harness.close());

const pr = () => harness.live.simulator.entity("bitbucketPullrequest", "MOPP/data-analyses/1");
const change = (title: string) =>
  harness.bitbucket.updatePullRequest(["MOPP", "data-analyses", 1], { title }) as unknown as JsonObject;

/** Lets something happen once, right before the first call that matches takes effect. */
function before(matches: (call: Call) => boolean, happens: () => Promise<unknown>) {
  let over = false;
  return async (call: Call) => {
    if (over || !matches(call)) return undefined;
    over = true;
    await happens();
    return undefined;
  };
}

const isPullRequestRead = ({ path }: Call) => path.endsWith("/bitbucketPullrequest/entities/search");
const isPullRequestWrite = ({ path }: Call) => path.endsWith("/bitbucketPullrequest/entities/bulk");

for (const already of [false, true]) {
  const there = already ? "that is there already" : "that is new";

  test(`an event consumed between Bitbucket's page and our reading of Port survives, for a pull request ${there}`, async () => {
    if (already) await harness.run();
    change("At the time of the page");
    harness.live.simulator.setIntercept(
      before(isPullRequestRead, async () => {
        harness.live.simulator.setIntercept(undefined);
        await harness.live.sync([change("Newer, by an event")]);
      }),
    );
    const { problems } = await harness.run();
    expect(problems).toEqual([]);
    expect(pr()?.title).toBe("Newer, by an event");
  });

  test(`an event consumed between our reading of Port and our writing survives, for a pull request ${there}`, async () => {
    if (already) await harness.run();
    change("At the time of the page");
    harness.live.simulator.setIntercept(
      before(isPullRequestWrite, async () => {
        harness.live.simulator.setIntercept(undefined);
        await harness.live.sync([change("Newer, by an event")]);
      }),
    );
    const { problems } = await harness.run();
    expect(problems).toEqual([]);
    expect(pr()?.title).toBe("Newer, by an event");
  });
}

test("a pull request that is deleted between page and writing is not brought back", async () => {
  harness.live.simulator.setIntercept(
    before(isPullRequestWrite, async () => {
      harness.live.simulator.setIntercept(undefined);
      const deleted = harness.bitbucket.deletePullRequest([
        "MOPP",
        "data-analyses",
        1,
      ]) as unknown as JsonObject;
      await harness.live.sync([deleted]);
    }),
  );
  const { problems } = await harness.run();
  expect(problems).toEqual([]);
  expect(pr()).toBeUndefined();
});

test("a repository changed by an event while it is being written shows the newer state", async () => {
  harness.live.simulator.setIntercept(
    before(
      ({ path }) => path.endsWith("/bitbucketRepository/entities/bulk"),
      async () => {
        harness.live.simulator.setIntercept(undefined);
        const modified = harness.bitbucket.updateRepository("MOPP", "data-analyses", {
          description: "Newer",
        });
        await harness.live.sync([modified as unknown as JsonObject]);
      },
    ),
  );
  await harness.run();
  expect(
    harness.live.simulator.entity("bitbucketRepository", "MOPP/data-analyses")?.properties["description"],
  ).toBe("Newer");
});

test("somebody who left and whom an event names again, while both sides take their time, keeps the entity", async () => {
  const { bitbucket, live } = harness;
  addUser(bitbucket.data, { name: "zoe", slug: "zoe", displayName: "Zoe", emailAddress: "zoe@example.org" });
  await harness.run();
  bitbucket.deleteUser("zoe");
  const named = {
    identifier: "by/event/1",
    properties: { owner: "zoe@example.org" },
    relations: {},
  };
  const isLastRead = ({ path, body }: Call) =>
    path.endsWith("/bitbucketUser/entities/search") && JSON.stringify(body).includes("zoe@");
  const late = Date.now() + 60_000;
  live.simulator.setIntercept(
    before(isLastRead, async () => {
      live.simulator.put("bitbucketPullrequest", named);
      vi.spyOn(Date, "now").mockReturnValue(late);
    }),
  );
  const { problems } = await harness.run();
  vi.restoreAllMocks();
  expect(problems).toEqual([]);
  expect(live.simulator.entity("bitbucketPullrequest", "by/event/1")).toBeDefined();
  expect(live.simulator.entity("bitbucketUser", "zoe@example.org")).toBeDefined();
});
