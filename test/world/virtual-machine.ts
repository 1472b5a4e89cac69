import { acting } from "./acting.ts";
import type { Machine } from "./machine.ts";
import { backfillCommand, deliver, type Places, startResync } from "./pipeline.ts";
import { createWorldQueue } from "./queue.ts";
import type { Random } from "./random.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import { startWorkers } from "./workers.ts";

const consumers = 3;
const backfills = 2;

/** The product in this process, with SQS and Lambda played in the world's time. */
export function startVirtualMachine(
  clock: VirtualClock,
  random: Random,
  sides: Pick<Places, "bitbucket" | "port">,
  crashes: number,
): Machine {
  // As in infra/queues.yml.
  const live = { visibilitySeconds: 360, maxReceives: 1_000 };
  const places: Places = {
    ...sides,
    live: createWorldQueue(clock, live),
    dead: createWorldQueue(clock, live),
    backfill: createWorldQueue(clock, { visibilitySeconds: 5_400, maxReceives: 200 }),
  };
  const workers = startWorkers({ clock, random, places, consumers, backfills, crashes });
  const as = (name: string, about: object) => ({ name, about: JSON.stringify(about) });
  return {
    deliver: (payload, requestId) => deliver(payload, requestId, places),
    resync: (asked) => acting.run(as("resync", asked), () => startResync(asked, places)),
    backfill: (asked) => acting.run(as("command", asked), () => backfillCommand(asked, places)),
    isIdle: async () => places.live.size() === 0 && places.backfill.size() === 0 && !workers.isBusy(),
    left: async () => [...places.live.all(), ...places.backfill.all()].map(({ body }) => body),
    dead: async () =>
      [...places.dead.all(), ...places.live.dead, ...places.backfill.dead].map(({ attributes, body }) => ({
        reason: attributes?.["reason"] ?? "received too often",
        body,
      })),
    stop: workers.stop,
  };
}
