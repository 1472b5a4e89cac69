import { type Actor, acting } from "./acting.ts";
import type { Clock } from "./clock.ts";
import { consumerContainer, nameOf, type Places, workOffOne } from "./pipeline.ts";
import type { Random } from "./random.ts";

export interface Workers {
  /** Whether somebody works on something just now. */
  isBusy(): boolean;
  stop(): Promise<void>;
}

export interface WorkersOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly places: Places;
  readonly consumers: number;
  readonly backfills: number;
  /** The share of invocations whose container dies in the middle: their messages come again much later. */
  readonly crashes: number;
}

const pollMs = 200;
/** A container that dies does so within so many ms. */
const longestLifeMs = 1_500;
/** The share of batches after which a container is replaced by one that knows nothing. */
const renewed = 0.03;

/** What Lambda does: hands messages over, several at a time, and deletes what is done. */
export function startWorkers(options: WorkersOptions): Workers {
  const { clock, random, places, consumers, backfills } = options;
  let isStopped = false;
  let busy = 0;

  async function poll(work: () => Promise<boolean>): Promise<void> {
    while (!isStopped) {
      busy++;
      const found = await work().finally(() => busy--);
      if (!found) await clock.sleep(pollMs);
    }
  }

  /** Works until it is done, or its container dies; undefined = it died, or failed. */
  async function invoke<Result>(actor: Actor, work: () => Promise<Result>): Promise<Result | undefined> {
    const isDoomed = options.crashes > 0 && random.chance(options.crashes);
    const diesAt = clock.now() + (isDoomed ? random.between(0, longestLifeMs) : Number.POSITIVE_INFINITY);
    const done = acting.run({ ...actor, diesAt }, work).catch(() => undefined);
    return isDoomed ? Promise.race([done, clock.sleep(diesAt - clock.now()).then(() => undefined)]) : done;
  }

  function consumer(number: number): Promise<void> {
    let container = consumerContainer(places);
    return poll(async () => {
      const batch = places.live.receive(10);
      if (batch.length === 0) return false;
      if (random.chance(renewed)) container = consumerContainer(places);
      const actor = { name: `consumer ${number}`, about: batch.map(nameOf).join(", ") };
      const kept = await invoke(actor, () => container(batch));
      if (kept === undefined) container = consumerContainer(places);
      else for (const { id } of batch) if (!kept.includes(id)) places.live.remove(id);
      return true;
    });
  }

  function backfill(number: number): Promise<void> {
    return poll(async () => {
      const [message] = places.backfill.receive(1);
      if (message === undefined) return false;
      const actor = { name: `backfill ${number}`, about: message.body };
      const stays = await invoke(actor, () => workOffOne(message, places));
      if (stays === false) places.backfill.remove(message.id);
      return true;
    });
  }

  const all = [
    ...Array.from({ length: consumers }, (_, index) => consumer(index + 1)),
    ...Array.from({ length: backfills }, (_, index) => backfill(index + 1)),
  ];
  return {
    isBusy: () => busy > 0,
    async stop() {
      isStopped = true;
      await Promise.all(all);
    },
  };
}
