import { type Moved, startBitbucketSimulator } from "../../infra/local/simulators/bitbucket/server.ts";
import { type Blueprint, startPortSimulator } from "../../infra/local/simulators/port/server.ts";
import { acting } from "./acting.ts";
import { beginning } from "./beginning.ts";
import { createFaults, type FaultOptions, usualFaults } from "./faults.ts";
import type { Kind } from "./life.ts";
import { quietly } from "./log.ts";
import { surround } from "./patch.ts";
import { blueprints, deliver, type Places } from "./pipeline.ts";
import { type PostOptions, usualPost } from "./post.ts";
import { createWorldQueue } from "./queue.ts";
import { createRandom } from "./random.ts";
import { type Report, reportOf } from "./report.ts";
import { play } from "./story.ts";
import { createTransport } from "./transport.ts";
import { createVirtualClock } from "./virtual-clock.ts";
import { createWitness, type Witness } from "./witness.ts";

export interface WorldOptions {
  readonly seed: number;
  readonly moved: Moved;
  /** How long things go on happening, in the world's seconds. */
  readonly seconds?: number;
  /** Things that happen in a second. */
  readonly pace?: number;
  readonly kind?: Kind;
  readonly post?: PostOptions;
  readonly faults?: FaultOptions;
  /** Whether backfills and resyncs run beside. */
  readonly backfills?: boolean;
  /** Does something to the catalog before the end, for the witness to find. */
  readonly plant?: (port: Planted, witness: Witness) => void;
}

type Planted = Awaited<ReturnType<typeof startPortSimulator>>;

/** The world begins on a Tuesday. */
const birth = Date.parse("2026-03-03T09:00:00Z");

/** Lets a world live for a while in its own time, then says what was wrong. */
export async function runWorld(options: WorldOptions): Promise<Report> {
  const { seed, moved, post = usualPost, faults: faultOptions = usualFaults } = options;
  const random = createRandom(seed);
  const clock = createVirtualClock(birth);
  const data = beginning(birth - 3_600_000);
  const bitbucket = await startBitbucketSimulator({ data, moved, reviewsUpdate: false, now: clock.now });
  const calls = new Map<string, number>();
  const witness = createWitness({ bitbucket, start: birth, now: clock.now });
  const port = await startPortSimulator({
    blueprints: blueprints as unknown as Blueprint[],
    now: clock.now,
    onWrite: (write) => witness.watch.note(write, acting.getStore()),
  });
  const faults = createFaults(random.fork(), birth, faultOptions);
  const fetch = createTransport({
    sides: [
      { name: "bitbucket", origin: bitbucket.url, inject: bitbucket.inject },
      { name: "port", origin: new URL(port.url).origin, inject: port.inject },
    ],
    clock,
    random: random.fork(),
    faults,
    onCall(side, actor) {
      const name = `${actor.replace(/ \d+$/, "")} to ${side}`;
      calls.set(name, (calls.get(name) ?? 0) + 1);
    },
  });
  const live = { fifo: true, visibilitySeconds: 360, maxReceives: 1_000 };
  const places: Places = {
    bitbucket: bitbucket.url,
    port: port.url,
    live: createWorldQueue(clock, live),
    dead: createWorldQueue(clock, live),
    backfill: createWorldQueue(clock, { fifo: false, visibilitySeconds: 5_400, maxReceives: 200 }),
  };
  const restore = surround({ clock, random: random.fork(), fetch });
  const loud = quietly();
  try {
    const bring = (payload: object, requestId: string) => deliver(payload, requestId, places);
    const played = await clock.run(
      play({ options, random, clock, places, bitbucket, port, witness, faults, post, bring }),
    );
    return reportOf({ options, played, witness, calls, places, clock });
  } finally {
    loud();
    restore();
    await Promise.all([bitbucket.close(), port.close()]);
  }
}
