import { expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { createPortClient } from "../../lib/port/client.ts";
import { startBackfill } from "../support/backfill.ts";
import { portCredentials } from "../support/live.ts";

/** How often it is tried, and with how many pull requests; what is promised is 50 times 2,000. */
const times = Number(process.env["TOKEN_RUNS"] ?? 1);
const pullRequests = Number(process.env["TOKEN_PULL_REQUESTS"] ?? 200);

test.each([10, 1])(
  "a Port whose token dies every %i calls gets all that is in Bitbucket",
  async (tokenCalls) => {
    const repositoriesPerProject = 10;
    const sizes = { projects: 2, repositoriesPerProject, users: 20 };
    const pullRequestsPerRepository = pullRequests / 20;
    const figures = { fetched: 0, deaths: 0, calls: 0 };
    for (let time = 0; time < times; time++) {
      const data = demoData({ ...sizes, pullRequestsPerRepository });
      const harness = await startBackfill({ bitbucket: { data }, port: { tokenCalls, delayMs: 2 } });
      const { simulator } = harness.live;
      const config = { apiUrl: simulator.url, ...portCredentials };
      const port = createPortClient(config, { maxWaitMs: 5_000, concurrency: 16 });
      const { problems } = await harness.run({ port });
      const found = simulator.entities("bitbucketPullrequest").length;
      await harness.close();
      const logins = simulator.calls.filter(({ path }) => path.endsWith("/auth/access_token")).length;
      const accepted = simulator.calls.filter(({ status }) => status < 300).length - logins;
      expect(problems).toEqual([]);
      expect(found).toBe(pullRequests);
      // One to begin with.
      expect(logins).toBeLessThanOrEqual(Math.floor(accepted / tokenCalls) + 1);
      figures.fetched += logins;
      figures.deaths += Math.floor(accepted / tokenCalls);
      figures.calls += simulator.calls.length;
    }
    const { fetched, deaths, calls } = figures;
    console.info(
      `${times} x ${pullRequests} pull requests: ${calls} calls, ${deaths} deaths after ${tokenCalls} calls, ${fetched} tokens`,
    );
  },
);
