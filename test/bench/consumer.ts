import type { Closers } from "../../infra/local/closers.ts";
import {
  type PortSimulator,
  type PortSimulatorOptions,
  portDemoClientId,
  portDemoClientSecret,
  startPortSimulator,
} from "../../infra/local/simulators/port/server.ts";
import { portPath } from "../../lib/mapping/load.ts";
import { loadBlueprints } from "../../lib/port/blueprints.ts";
import type { Benchmark } from "./benchmark.ts";
import { startContainer } from "./container.ts";
import { delivery } from "./delivery.ts";
import { drain } from "./drain.ts";
import type { Packaged } from "./packaged.ts";
import { type Stand, startStand } from "./stand.ts";
import { startToldBitbucket } from "./told-bitbucket.ts";
import { isQueued } from "./webhook.ts";
import { interleaved, type Life, lives } from "./workload.ts";

const pullRequests = 200;
const portDelayMs = 60;
const bitbucketDelayMs = 25;
/** The lives that are told have just ended. */
const lifeMs = 8 * 60_000;
const credentials = { PORT_CLIENT_ID: portDemoClientId, PORT_CLIENT_SECRET: portDemoClientSecret };

/** A backlog of events on its way to a Port that takes its time. */
export const consumer: Benchmark = {
  name: "consumer",
  async run(packageOnce, closers) {
    const packaged = await packageOnce();
    const blueprints = loadBlueprints(portPath("blueprints"), "default");
    const port = await startPortSimulator({
      blueprints: blueprints as unknown as NonNullable<PortSimulatorOptions["blueprints"]>,
      delayMs: portDelayMs,
    });
    closers.add(() => port.close());
    const told = lives(pullRequests, Date.now() - lifeMs);
    const bitbucket = await startToldBitbucket(told, bitbucketDelayMs, closers);
    const stand = await startStand(closers, {
      ...credentials,
      BITBUCKET_HOST: bitbucket.url,
      BITBUCKET_TOKEN: "bench",
    });
    const events = await enqueue(told, stand, packaged, closers);
    const options = {
      bundle: await packaged.bundle("consumer"),
      env: { ...packaged.environment("consumer"), ...stand.env, PORT_API_URL: port.url },
      timeoutMs: 60_000,
    };
    const { seconds, batches } = await drain(events, stand, options, closers);
    return [
      {
        name: "portCallsPerEvent",
        what: `calls to Port per event (${events} events, ${pullRequests} pull requests, ${portDelayMs} ms a call)`,
        // All of them: tokens as well, and what each container asks once.
        value: port.calls.length / events,
        unit: "",
        target: { atMost: 0.26 },
      },
      {
        name: "bitbucketCallsPerEvent",
        what: `calls to Bitbucket per event, of ${bitbucketDelayMs} ms`,
        value: bitbucket.calls() / events,
        unit: "",
        target: { atMost: 0.6 },
      },
      { name: "eventsPerSecond", what: "events", value: events / seconds, unit: "/s" },
      { name: "batches", what: "invocations", value: batches, unit: "" },
      {
        name: "wrongEntities",
        what: "pull requests that are not in their newest state",
        value: wrong(told, port),
        unit: "",
        target: { atMost: 0 },
      },
    ];
  },
};

/** By the webhook function; gives the number of events. */
async function enqueue(
  told: readonly Life[],
  stand: Stand,
  packaged: Packaged,
  closers: Closers,
): Promise<number> {
  const bundle = await packaged.bundle("webhook");
  const env = { ...packaged.environment("webhook"), ...stand.env };
  const events = interleaved(told).map(delivery);
  const { answers } = await startContainer({ bundle, env, timeoutMs: 10_000 }, closers).run({
    events,
    concurrency: 16,
  });
  if (!answers.every(isQueued)) throw new Error("the webhook function did not take every event");
  return events.length;
}

/** Entities that differ from the last event about them, are missing, or are nobody's. */
function wrong(told: readonly Life[], port: PortSimulator): number {
  const blueprint = "bitbucketPullrequest";
  const right = told.filter(({ identifier, newest }) => {
    const entity = port.entity(blueprint, identifier);
    const updated = Date.parse(String(entity?.properties["updated_on"]));
    return (
      entity?.title === newest.title &&
      entity.properties["state"] === newest.state &&
      updated === newest.updatedAt
    );
  });
  return told.length - right.length + Math.max(0, port.entities(blueprint).length - told.length);
}
