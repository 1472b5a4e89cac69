import { createHmac } from "node:crypto";
import { bitbucketDemoToken } from "../../infra/local/simulators/bitbucket/server.ts";
import { portDemoClientId, portDemoClientSecret } from "../../infra/local/simulators/port/server.ts";
import { createBackpressure } from "../../lib/backfill/backpressure.ts";
import type { BackfillContext } from "../../lib/backfill/context.ts";
import { resync } from "../../lib/backfill/resync.ts";
import { runBackfill } from "../../lib/backfill/run.ts";
import { workOff } from "../../lib/backfill/work.ts";
import { createBitbucketClient } from "../../lib/bitbucket/client.ts";
import { accept } from "../../lib/live/accept.ts";
import { type ConsumeContext, consume } from "../../lib/live/consume.ts";
import { loadMapper, portPath } from "../../lib/mapping/load.ts";
import { loadBlueprints } from "../../lib/port/blueprints.ts";
import { createPortClient } from "../../lib/port/client.ts";
import { outgoingBackfill } from "../../lib/queue/backfill-message.ts";
import { zeroCounts } from "../../lib/sync/counts.ts";
import { mappingSide } from "../../lib/sync/mapping-side.ts";
import { createMemory } from "../../lib/sync/memory.ts";
import { targetsIn } from "../../lib/sync/relations.ts";
import type { Asked } from "./machine.ts";
import type { Incoming, WorldQueue } from "./queue.ts";

// The one file of the world that knows the product.

export const blueprints = loadBlueprints(portPath("blueprints"), "default");
const mapper = await loadMapper("default");
const targetOf = targetsIn(blueprints);

export interface Places {
  readonly bitbucket: string;
  readonly port: string;
  readonly live: WorldQueue;
  readonly dead: WorldQueue;
  readonly backfill: WorldQueue;
}

const secret = "a secret for the world";
/** As the functions have it: consumers leave long waits to the queue, backfills are patient. */
const liveWaitMs = 1_000;
const backfillWaitMs = 20_000;

function bitbucketClient(host: string, maxWaitMs: number, retries: number) {
  const config = { host, authorization: `Bearer ${bitbucketDemoToken}`, concurrency: 8 };
  return createBitbucketClient(config, { maxWaitMs, retries });
}

function portClient(apiUrl: string, maxWaitMs: number, retries: number, concurrency: number) {
  const credentials = { clientId: portDemoClientId, clientSecret: portDemoClientSecret };
  return createPortClient({ apiUrl, ...credentials }, { maxWaitMs, retries, concurrency });
}

/** Posts an event to the webhook; the status that Bitbucket gets. */
export async function deliver(payload: object, requestId: string, { live }: Places): Promise<number> {
  const body = Buffer.from(JSON.stringify(payload));
  const headers = {
    "x-request-id": requestId,
    "x-event-key": String((payload as { eventKey?: string }).eventKey),
    "x-hub-signature": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
  };
  const send = (message: Parameters<WorldQueue["send"]>[0]) => live.send(message);
  const { status } = await accept({ headers, body }, { secrets: async () => [secret], send });
  return status;
}

/** A container of the consumer: works off a batch and says which messages stay. */
export function consumerContainer(places: Places): (batch: readonly Incoming[]) => Promise<string[]> {
  const port = portClient(places.port, liveWaitMs, 2, 4);
  const context: ConsumeContext = {
    port,
    bitbucket: bitbucketClient(places.bitbucket, liveWaitMs, 2),
    ...mappingSide(mapper, port, targetOf),
    memory: createMemory(),
    live: places.live,
    dead: places.dead,
    sendBackfill: (message) => places.backfill.send(outgoingBackfill(message)),
  };
  return (batch) => consume(batch, context);
}

function backfillContext(places: Places, asked: Asked): BackfillContext {
  const port = portClient(places.port, backfillWaitMs, 6, 16);
  return {
    port,
    bitbucket: bitbucketClient(places.bitbucket, backfillWaitMs, 6),
    ...mappingSide(mapper, port, targetOf),
    memory: createMemory({ limit: 10_000 }),
    backpressure: createBackpressure(),
    bases: new Set([places.bitbucket.toLowerCase()]),
    notes: [],
    state: asked.state ?? "OPEN",
    projects: asked.projects ?? [],
    personalProjects: false,
    // The world is small: some of its days lose more than a third of a project.
    maxDeletePercent: 100,
    allowMassDelete: asked.allowMassDelete ?? false,
    deleteSuperseded: false,
    recheckAfterMs: 2_000,
    dryRun: false,
    counts: zeroCounts(),
    outOfTime: () => false,
    tell: () => {},
  };
}

/** An invocation of the backfill function; true when the message stays in the queue. */
export function workOffOne(message: Incoming, places: Places): Promise<boolean> {
  return workOff(message, places.backfill, backfillContext(places, {}));
}

/** An invocation of the resync function. */
export async function startResync(asked: Asked, places: Places): Promise<void> {
  await resync(asked, places.backfill, backfillContext(places, asked));
}

/** `npm run backfill`: what it names as problems. */
export async function backfillCommand(asked: Asked, places: Places): Promise<readonly string[]> {
  return runBackfill(backfillContext(places, asked));
}

/** What the event in a message of the live queue is, for the record. */
export function nameOf(message: Incoming): string {
  const { payload } = JSON.parse(message.body) as { payload?: { eventKey?: string } };
  return `${payload?.eventKey ?? "reference"} ${message.groupId} (delivery ${message.receiveCount})`;
}
