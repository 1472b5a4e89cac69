import { randomUUID } from "node:crypto";
import type { Clock } from "./clock.ts";
import type { Random } from "./random.ts";

export interface PostOptions {
  readonly lost: number;
  readonly doubled: number;
  readonly late: number;
  readonly latestMs: number;
}

export const usualPost: PostOptions = { lost: 0.06, doubled: 0.1, late: 0.25, latestMs: 60_000 };
export const perfectPost: PostOptions = { lost: 0, doubled: 0, late: 0, latestMs: 0 };

/** Bitbucket's deliveries: in parallel, so in any order; some late, some twice, some never. */
export interface Post {
  send(payload: object): void;
  /** Deliveries that are still under way. */
  waiting(): number;
  readonly counts: { events: number; lost: number; doubled: number; late: number; refused: number };
}

const usualMs = 300;

export function createPost(
  deliver: (payload: object, requestId: string) => Promise<number>,
  clock: Clock,
  random: Random,
  options: PostOptions,
): Post {
  let waiting = 0;
  const counts = { events: 0, lost: 0, doubled: 0, late: 0, refused: 0 };

  async function bring(payload: object): Promise<void> {
    const isLate = random.chance(options.late);
    if (isLate) counts.late++;
    const ms = random.between(0, isLate ? options.latestMs : usualMs);
    waiting++;
    await clock.sleep(ms);
    const status = await deliver(payload, randomUUID()).catch(() => 0);
    if (status !== 202 && status !== 200) counts.refused++;
    waiting--;
  }

  return {
    counts,
    waiting: () => waiting,
    send(payload) {
      counts.events++;
      if (random.chance(options.lost)) {
        counts.lost++;
        return;
      }
      void bring(payload);
      if (!random.chance(options.doubled)) return;
      counts.doubled++;
      void bring(payload);
    },
  };
}
