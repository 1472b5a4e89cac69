import { type Moved, startBitbucketSimulator } from "../../infra/local/simulators/bitbucket/server.ts";
import {
  type Blueprint,
  type PortSimulator,
  startPortSimulator,
} from "../../infra/local/simulators/port/server.ts";
import { acting } from "./acting.ts";
import { beginning } from "./beginning.ts";
import type { Plot } from "./cast.ts";
import type { Clock } from "./clock.ts";
import { createFaults, type FaultOptions, usualFaults } from "./faults.ts";
import { quietly } from "./log.ts";
import type { Machine } from "./machine.ts";
import { surround } from "./patch.ts";
import { blueprints } from "./pipeline.ts";
import { usualPost } from "./post.ts";
import { createRandom, type Random } from "./random.ts";
import { type Report, reportOf } from "./report.ts";
import { play } from "./story.ts";
import { createTransport } from "./transport.ts";
import { createVirtualClock } from "./virtual-clock.ts";
import { startVirtualMachine } from "./virtual-machine.ts";
import { createWitness, type Witness } from "./witness.ts";

export interface WorldOptions extends Partial<Omit<Plot, "seed">> {
  readonly seed: number;
  readonly moved: Moved;
  readonly faults?: FaultOptions;
  /** The share of invocations whose container dies in the middle. */
  readonly crashes?: number;
  /** In place of the product: to try the witness on. */
  readonly machine?: (clock: Clock, random: Random, port: PortSimulator, witness: Witness) => Machine;
}

/** The world begins on a Tuesday. */
const birth = Date.parse("2026-03-03T09:00:00Z");

export const usualPlot: Omit<Plot, "seed"> = {
  seconds: 100,
  pace: 2,
  kind: "all",
  post: usualPost,
  backfills: true,
  patienceMs: 45 * 60_000,
};

/** Lets a world live for a while in its own time, then says what was wrong. */
export async function runWorld(options: WorldOptions): Promise<Report> {
  const { faults: faultOptions = usualFaults, moved, machine: another, crashes = 0, ...own } = options;
  const plot: Plot = { ...usualPlot, ...own };
  const random = createRandom(plot.seed);
  const clock = createVirtualClock(birth);
  const data = beginning(birth - 3_600_000, plot.kind === "personal");
  const bitbucket = await startBitbucketSimulator({ data, moved, reviewsUpdate: false, now: clock.now });
  const witness = createWitness({ bitbucket, start: birth, now: clock.now });
  const port = await startPortSimulator({
    blueprints: blueprints as unknown as Blueprint[],
    now: clock.now,
    onWrite: (write) => witness.watch.note(write, acting.getStore()),
  });
  const faults = createFaults(random.fork(), birth, faultOptions);
  const calls = new Map<string, number>();
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
  const restore = surround({ clock, random: random.fork(), fetch });
  const loud = quietly();
  try {
    const sides = { bitbucket: bitbucket.url, port: port.url };
    const chance = random.fork();
    const machine =
      another?.(clock, chance, port, witness) ?? startVirtualMachine(clock, chance, sides, crashes);
    const played = await clock.run(play({ plot, random, clock, machine, bitbucket, port, witness, faults }));
    return reportOf({ title: `seed ${plot.seed}, moved ${moved}`, played, witness, calls, now: clock.now() });
  } finally {
    loud();
    restore();
    await Promise.all([bitbucket.close(), port.close()]);
  }
}
