import { type Stack, startStack } from "../../infra/local/stack.ts";
import { beginning } from "./beginning.ts";
import { realClock } from "./clock.ts";
import { createConsumerCalls } from "./consumer-calls.ts";
import { createFaults, usualFaults } from "./faults.ts";
import { createRandom } from "./random.ts";
import { type Report, reportOf } from "./report.ts";
import type { SoakOptions } from "./soak-options.ts";
import { stackMachine } from "./stack-machine.ts";
import { play } from "./story.ts";
import { createWitness, type Witness } from "./witness.ts";
import { usualPlot } from "./world.ts";

/** Lets a world live in real time beside the pipeline that `npm start` runs. */
export async function soak(options: SoakOptions, signal: AbortSignal): Promise<Report> {
  const { seed, moved, seconds, kind, pace, patience } = options;
  const random = createRandom(seed);
  const start = Date.now();
  const faults = createFaults(random.fork(), start, usualFaults);
  const calls = createConsumerCalls();
  let witness: Witness | undefined;
  const stack = await startStack({
    env: { MAX_DELETE_PERCENT: "100" },
    signal,
    onLog: calls.read,
    bitbucketOptions: {
      data: beginning(start - 3_600_000, kind === "personal"),
      moved,
      reviewsUpdate: false,
      intercept: () => faults.next("bitbucket", Date.now()),
    },
    portOptions: {
      intercept: () => faults.next("port", Date.now()),
      onWrite: (write) => witness?.watch.note(write, undefined),
    },
  });
  const { bitbucket, port } = simulated(stack);
  witness = createWitness({ bitbucket, start, now: Date.now });
  const plot = { ...usualPlot, seed, seconds, kind, pace, patienceMs: patience * 1000 };
  const machine = stackMachine(stack);
  const clock = realClock;
  const asked = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("ended before the end")));
  });
  const story = play({ plot, random, clock, machine, bitbucket, port, witness, faults });
  const played = await Promise.race([story, asked]).finally(() => machine.stop());
  const title = `seed ${seed}, moved ${moved}, for real`;
  return reportOf({ title, played, witness, calls: calls.counts, now: Date.now() });
}

function simulated({ bitbucket, port }: Stack) {
  if (bitbucket === undefined || port === undefined) throw new Error("both sides have to be simulated");
  return { bitbucket, port };
}
