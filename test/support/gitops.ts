import type { BitbucketSimulator } from "../../infra/local/simulators/bitbucket/server.ts";
import type { Blueprint as SimulatedBlueprint } from "../../infra/local/simulators/port/types.ts";
import type { BackfillContext } from "../../lib/backfill/context.ts";
import type { BitbucketClient } from "../../lib/bitbucket/client.ts";
import type { GitopsConfig } from "../../lib/config/config.ts";
import { createBackfillDefinitions } from "../../lib/gitops/backfill.ts";
import { createGitops } from "../../lib/gitops/create.ts";
import { createLiveDefinitions, type LiveDefinitions } from "../../lib/gitops/live.ts";
import { portPath } from "../../lib/mapping/load.ts";
import { loadBlueprints } from "../../lib/port/blueprints.ts";
import { zeroCounts } from "../../lib/sync/counts.ts";
import { type BackfillHarness, startBackfill } from "./backfill.ts";

type BackfillOptions = NonNullable<Parameters<typeof startBackfill>[0]>;

/** Both paths between the two simulators, with definition files looked for. */
export interface GitopsHarness {
  readonly world: BackfillHarness;
  readonly bitbucket: BitbucketSimulator;
  /** Identifiers of a blueprint's entities in Port. */
  identifiers(blueprint: string): string[];
  /** An entity of a blueprint in Port. */
  entity(blueprint: string, identifier: string): ReturnType<BackfillHarness["live"]["simulator"]["entity"]>;
  /** What files make of a whole backfill. */
  backfill(
    overrides?: Partial<BackfillContext>,
    config?: GitopsConfig,
  ): Promise<Awaited<ReturnType<BackfillHarness["run"]>>>;
  /** Lets payloads have their effect, as one batch of a container that remembers nothing unless `warm`. */
  heard(
    payloads: readonly object[],
    options?: { warm?: boolean; bitbucket?: BitbucketClient },
  ): Promise<string[]>;
  /** Bitbucket's numbers of the repositories that something is leaving, since the last look. */
  takeLeaving(): string[];
  close(): Promise<void>;
}

export const everyPortFile: GitopsConfig = { files: ["**/port.yml"], blueprints: [] };

/** Blueprints that files write: a service belongs to a team and depends on services, a team has a name. */
export const serviceBlueprints: readonly SimulatedBlueprint[] = [
  {
    identifier: "team",
    title: "Team",
    schema: { properties: { name: { type: "string" }, lead: { type: "string" } }, required: [] },
    relations: {},
  },
  {
    identifier: "service",
    title: "Service",
    schema: {
      properties: {
        tier: { type: "string", enum: ["gold", "silver"] },
        readme: { type: "string" },
        contacts: { type: "array" },
        config: { type: "object" },
        url: { type: "string", format: "url" },
      },
      required: [],
    },
    relations: {
      team: { title: "Team", target: "team", many: false, required: false },
      uses: { title: "Uses", target: "service", many: true, required: false },
    },
  },
  {
    identifier: "component",
    title: "Component",
    schema: { properties: {}, required: [] },
    relations: { service: { title: "Service", target: "service", many: false, required: true } },
  },
] as unknown as SimulatedBlueprint[];

export async function startGitops(options: BackfillOptions = {}): Promise<GitopsHarness> {
  const own = loadBlueprints(portPath("blueprints"), options.mapping ?? "default", true);
  const blueprints = [...(own as unknown as SimulatedBlueprint[]), ...serviceBlueprints];
  const world = await startBackfill({ ...options, port: { ...options.port, blueprints } });
  const { simulator } = world.live;
  let leaving: string[] = [];
  let container: LiveDefinitions | undefined;
  const fresh = (bitbucket: BitbucketClient) =>
    createLiveDefinitions(createGitops(everyPortFile, { ...world.context(), bitbucket }), async (id) => {
      leaving.push(id);
    });

  return {
    world,
    bitbucket: world.bitbucket,
    identifiers: (blueprint) => simulator.entities(blueprint).map(({ identifier }) => identifier),
    entity: (blueprint, identifier) => simulator.entity(blueprint, identifier),
    async backfill(overrides = {}, config = everyPortFile) {
      const counts = zeroCounts(true);
      const context = world.context({ counts, ...overrides });
      const definitionFiles = createBackfillDefinitions(createGitops(config, context));
      return world.run({ ...context, definitionFiles });
    },
    async heard(payloads, { warm = false, bitbucket = world.context().bitbucket } = {}) {
      if (container === undefined || !warm) container = fresh(bitbucket);
      const context = { ...world.live.context, bitbucket };
      Object.assign(world.live.context, { ...context, definitionPushes: container });
      const { outcomes } = await world.live.sync(payloads as never);
      return outcomes.map(({ type }) => type);
    },
    takeLeaving() {
      const taken = leaving;
      leaving = [];
      return taken;
    },
    close: world.close,
  };
}
