// A Bitbucket and a Port in a process of their own, so that their work is not counted as the sync's.
import {
  bitbucketDemoToken,
  demoData,
  startBitbucketSimulator,
} from "../../infra/local/simulators/bitbucket/server.ts";
import {
  type Call,
  type PortSimulatorOptions,
  portDemoClientId,
  portDemoClientSecret,
  startPortSimulator,
} from "../../infra/local/simulators/port/server.ts";
import { portPath } from "../../lib/mapping/load.ts";
import { loadBlueprints } from "../../lib/port/blueprints.ts";
import type { Seen, SimulatorsSettings, SimulatorsStarted } from "./simulators.ts";

const { demo, bitbucketDelayMs, portDelayMs } = JSON.parse(process.argv[2] ?? "") as SimulatorsSettings;
const blueprints = loadBlueprints(portPath("blueprints"), "default");
const bitbucket = await startBitbucketSimulator({ data: demoData(demo), delayMs: bitbucketDelayMs });
const port = await startPortSimulator({
  blueprints: blueprints as unknown as NonNullable<PortSimulatorOptions["blueprints"]>,
  delayMs: portDelayMs,
});

process.once("disconnect", () => process.exit());
process.on("message", () => {
  const entities = blueprints.map(({ identifier }) => [identifier, port.entities(identifier).length]);
  const seen: Seen = {
    bitbucketCalls: bitbucket.calls.length,
    portCalls: port.calls.length,
    portWrites: port.calls.filter(isWrite).length,
    entities: Object.fromEntries(entities),
  };
  bitbucket.calls.length = 0;
  port.calls.length = 0;
  process.send?.(seen);
});
const credentials = {
  PORT_CLIENT_ID: portDemoClientId,
  PORT_CLIENT_SECRET: portDemoClientSecret,
  BITBUCKET_TOKEN: bitbucketDemoToken,
};
const started: SimulatorsStarted = { bitbucketUrl: bitbucket.url, portUrl: port.url, credentials };
process.send?.(started);

function isWrite({ method, path }: Call): boolean {
  return method !== "GET" && !path.endsWith("/access_token") && !path.endsWith("/search");
}
