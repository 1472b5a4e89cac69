import { startBitbucketSimulator } from "../../infra/local/simulators/bitbucket/server.ts";
import {
  type PortSimulator,
  type PortSimulatorOptions,
  portDemoClientId,
  portDemoClientSecret,
  startPortSimulator,
} from "../../infra/local/simulators/port/server.ts";
import type { Blueprint as SimulatedBlueprint } from "../../infra/local/simulators/port/types.ts";
import { type BitbucketEvent, parseEvent } from "../../lib/bitbucket/events.ts";
import type { JsonObject } from "../../lib/json.ts";
import type { LiveContext } from "../../lib/live/context.ts";
import { type LiveResult, syncEvents } from "../../lib/live/sync-events.ts";
import { loadMapper, portPath } from "../../lib/mapping/load.ts";
import type { Mapper } from "../../lib/mapping/mapper.ts";
import { loadBlueprints } from "../../lib/port/blueprints.ts";
import { createPortClient } from "../../lib/port/client.ts";
import type { BackfillMessage } from "../../lib/queue/backfill-message.ts";
import { mappingSide } from "../../lib/sync/mapping-side.ts";
import { createMemory } from "../../lib/sync/memory.ts";
import { targetsIn } from "../../lib/sync/relations.ts";

export { startBitbucketSimulator };

export const portCredentials = { clientId: portDemoClientId, clientSecret: portDemoClientSecret };

/** The live path over a simulated Port. */
export interface LiveHarness {
  readonly simulator: PortSimulator;
  readonly context: LiveContext;
  readonly backfills: BackfillMessage[];
  /** Syncs payloads as one batch, accepted now unless `acceptedAt` (epoch ms) says otherwise. */
  sync(
    payloads: readonly JsonObject[],
    acceptedAt?: number,
    overrides?: Partial<LiveContext>,
  ): Promise<LiveResult>;
  /** Paths of the calls since the last look, without tokens and without blueprints, which are read once. */
  takeCalls(): string[];
  close(): Promise<void>;
}

const mappers = new Map<string, Promise<Mapper>>();

/** To load and compile takes a tenth of a second each time, and nothing that a test does changes a mapper. */
function mapperFor(mapping: string): Promise<Mapper> {
  const mapper = mappers.get(mapping) ?? loadMapper(mapping);
  mappers.set(mapping, mapper);
  return mapper;
}

export async function startLive(
  options: PortSimulatorOptions & {
    mapping?: string;
    context?: Partial<LiveContext>;
    maxWaitMs?: number;
  } = {},
): Promise<LiveHarness> {
  const { mapping = "default", context: overrides = {}, maxWaitMs = 1_000, ...simulatorOptions } = options;
  const blueprints = loadBlueprints(portPath("blueprints"), mapping);
  const simulator = await startPortSimulator({
    blueprints: blueprints as unknown as SimulatedBlueprint[],
    ...simulatorOptions,
  });
  const backfills: BackfillMessage[] = [];
  const port = createPortClient(
    { apiUrl: simulator.url, ...portCredentials },
    { maxWaitMs, concurrency: 10 },
  );
  const context: LiveContext = {
    port,
    bitbucket: undefined,
    ...mappingSide(await mapperFor(mapping), port, targetsIn(blueprints)),
    memory: createMemory(),
    sendBackfill: async (message) => {
      backfills.push(message);
    },
    ...overrides,
  };
  let seen = 0;
  return {
    simulator,
    context,
    backfills,
    sync: (payloads, acceptedAt = Date.now(), own = {}) =>
      syncEvents(
        payloads.map((payload, index) => ({
          deliveryId: `delivery-${index}`,
          acceptedAt,
          deliveries: 1,
          event: understood(payload),
        })),
        { ...context, ...own },
      ),
    takeCalls() {
      const calls = simulator.calls
        .slice(seen)
        .map(({ method, path }) => `${method} ${decodeURIComponent(path)}`);
      seen = simulator.calls.length;
      return calls.filter((call) => !/\/auth\/access_token$|^GET \/v1\/blueprints\/[^/]+$/.test(call));
    },
    close: simulator.close,
  };
}

export function understood(payload: JsonObject): BitbucketEvent {
  const parsed = parseEvent(payload);
  if (!("event" in parsed)) throw new Error(`not an event: ${JSON.stringify(parsed)}`);
  return parsed.event;
}
