import {
  type BitbucketSimulator,
  type BitbucketSimulatorOptions,
  bitbucketDemoToken,
  startBitbucketSimulator,
} from "../../infra/local/simulators/bitbucket/server.ts";
import type { PortSimulatorOptions } from "../../infra/local/simulators/port/server.ts";
import { createBackpressure } from "../../lib/backfill/backpressure.ts";
import type { BackfillContext, Problems } from "../../lib/backfill/context.ts";
import { runBackfill } from "../../lib/backfill/run.ts";
import { createBitbucketClient } from "../../lib/bitbucket/client.ts";
import { type Counts, zeroCounts } from "../../lib/sync/counts.ts";
import { mappingSide } from "../../lib/sync/mapping-side.ts";
import { createMemory } from "../../lib/sync/memory.ts";
import { type LiveHarness, startLive } from "./live.ts";

/** A backfill between the two simulators. */
export interface BackfillHarness {
  readonly bitbucket: BitbucketSimulator;
  readonly live: LiveHarness;
  /** Runs it once, in a process of its own as far as memory goes. */
  run(
    overrides?: Partial<BackfillContext>,
  ): Promise<{ counts: Counts; problems: Problems; notes: readonly string[] }>;
  context(overrides?: Partial<BackfillContext>): BackfillContext;
  close(): Promise<void>;
}

export async function startBackfill(
  options: {
    bitbucket?: BitbucketSimulatorOptions;
    port?: PortSimulatorOptions;
    mapping?: string;
    maxWaitMs?: number;
  } = {},
): Promise<BackfillHarness> {
  const bitbucket = await startBitbucketSimulator(options.bitbucket);
  const { mapping = "default", maxWaitMs = 5_000 } = options;
  const live = await startLive({ ...options.port, mapping, maxWaitMs });
  const authorization = `Bearer ${bitbucketDemoToken}`;

  function context(overrides: Partial<BackfillContext> = {}): BackfillContext {
    return {
      ...live.context,
      // All that asks Port asks it by one client.
      ...(overrides.port && mappingSide(live.context.mapper, overrides.port, live.context.targetOf)),
      memory: createMemory(),
      bitbucket: createBitbucketClient(
        { host: bitbucket.url, authorization, concurrency: 8 },
        { maxWaitMs, retries: 5, retriesWhenLimited: Number.POSITIVE_INFINITY },
      ),
      backpressure: createBackpressure(),
      bases: new Set([bitbucket.url]),
      notes: [],
      state: "ALL",
      projects: [],
      personalProjects: false,
      maxDeletePercent: 30,
      allowMassDelete: false,
      deleteSuperseded: false,
      dryRun: false,
      recheckAfterMs: 0,
      counts: zeroCounts(),
      outOfTime: () => false,
      tell: () => {},
      ...overrides,
    };
  }

  return {
    bitbucket,
    live,
    context,
    async run(overrides) {
      const own = context(overrides);
      const problems = await runBackfill(own);
      return { counts: own.counts, problems, notes: own.notes };
    },
    async close() {
      await Promise.all([bitbucket.close(), live.close()]);
    },
  };
}
