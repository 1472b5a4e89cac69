import type { Clock } from "./clock.ts";

const { setImmediate: nextTurn } = globalThis;

/** Turns of the event loop in which nothing may happen before everybody counts as waiting for the clock. */
const quietTurns = 3;

/** A clock that moves only when everybody waits for it: then it jumps to the first who does. */
export interface VirtualClock extends Clock {
  /** Lets time pass until the work is done. @throws Error when it waits for something that no time brings */
  run<Result>(work: Promise<Result>): Promise<Result>;
  /** Something happened that nobody sleeps through (a call began, a message came). */
  stir(): void;
}

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

export function createVirtualClock(start: number): VirtualClock {
  const sleepers: Sleeper[] = [];
  let now = start;
  let order = 0;
  let stirs = 0;

  /** Kept sorted, the first to wake last. Few sleep at a time. */
  function add(sleeper: Sleeper): void {
    let at = sleepers.length;
    for (; at > 0; at--) {
      const other = sleepers[at - 1];
      if (other === undefined || other.at > sleeper.at) break;
    }
    sleepers.splice(at, 0, sleeper);
  }

  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < quietTurns; ) {
      const before = stirs;
      await new Promise<void>((resolve) => nextTurn(resolve));
      quiet = stirs === before ? quiet + 1 : 0;
    }
  }

  return {
    now: () => now,
    stir() {
      stirs++;
    },
    sleep(ms, signal) {
      stirs++;
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { at: now + Math.max(0, Math.round(ms)), order: order++, wake: resolve };
        add(sleeper);
        const onAbort = () => {
          const at = sleepers.indexOf(sleeper);
          if (at >= 0) sleepers.splice(at, 1);
          reject(signal?.reason);
        };
        signal?.addEventListener("abort", onAbort, { once: true });
      });
    },
    async run(work) {
      let isDone = false;
      work.then(
        () => {
          isDone = true;
        },
        () => {
          isDone = true;
        },
      );
      while (!isDone) {
        await settle();
        if (isDone) break;
        const first = sleepers.pop();
        if (first === undefined) throw new Error("the world stands still: nobody waits for the clock");
        now = Math.max(now, first.at);
        stirs++;
        first.wake();
      }
      return work;
    },
  };
}
