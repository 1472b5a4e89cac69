import type { Cast } from "./cast.ts";

/** A backfill beside begins about so often, in ms. */
const everyMs = 25_000;
/** How often a resync that fails is tried, and the pause before it is tried again, in ms. */
const mostTries = 3;
const pauseMs = 60_000;

/** All of it, by the command or by the queue. @returns what it names as problems */
export async function wholeBackfill(
  { machine, clock }: Pick<Cast, "machine" | "clock">,
  by: "command" | "resync",
): Promise<readonly string[]> {
  const asked = { state: "ALL", allowMassDelete: true } as const;
  if (by === "command") return machine.backfill(asked);
  for (let tries = 1; ; tries++) {
    try {
      await machine.resync(asked);
      return [];
    } catch (error) {
      if (tries === mostTries) return [`resync: ${error instanceof Error ? error.message : error}`];
      await clock.sleep(pauseMs);
    }
  }
}

/** Backfills of some of it or all, by command or queue, while life goes on; what they name as problems may be so. */
export async function backfillsBeside(
  { clock, random: source, machine, bitbucket }: Cast,
  end: number,
): Promise<void> {
  const random = source.fork();
  const running: Promise<unknown>[] = [];
  for (;;) {
    await clock.sleep(random.between(0.3, 1.7) * everyMs);
    if (clock.now() >= end) break;
    const state = random.pick(["ALL", "OPEN"] as const);
    const keys = random.chance(0.5) ? random.some([...bitbucket.data.projects.keys()], 1) : [];
    const asked = { state, allowMassDelete: true, ...(keys.length > 0 && { projects: keys }) };
    const run = random.chance(0.6) ? machine.resync(asked) : machine.backfill(asked);
    running.push(run.then(undefined, () => undefined));
  }
  await Promise.all(running);
}
