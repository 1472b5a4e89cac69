import { backfillsBeside, wholeBackfill } from "./backfills.ts";
import type { Cast } from "./cast.ts";
import { compare } from "./compare.ts";
import { liveOn } from "./life.ts";
import { createPost } from "./post.ts";
import type { Stage } from "./stage.ts";
import { mendAll } from "./troubles.ts";
import type { Violation } from "./violation.ts";
import { tolerance } from "./watch.ts";

export interface Played {
  /** What is wrong at the end. */
  readonly wrong: readonly Violation[];
  readonly post: ReturnType<typeof createPost>["counts"];
}

/** For the last backfill, where something is stuck already. */
const lastPatienceMs = 5 * 60_000;

/** A world's whole course: life, with backfills beside; then what is under way comes to its end, and a last backfill. */
export async function play(cast: Cast): Promise<Played> {
  const { plot, clock, random, machine, port, witness, faults } = cast;
  const post = createPost(machine.deliver, clock, random.fork(), plot.post);
  await wholeBackfill(cast, "command");
  const end = clock.now() + plot.seconds * 1000;
  const beside = plot.backfills ? backfillsBeside(cast, end) : undefined;
  const stage = createStage(cast, post.send);
  while (clock.now() < end) {
    liveOn(stage, plot.kind);
    await clock.sleep(random.between(0, 2_000 / plot.pace));
  }
  mendAll(stage);
  faults.end();
  await beside;
  if (plot.plant?.early !== undefined) {
    plot.plant.early(port, witness);
    await clock.sleep(2 * tolerance);
  }
  const isIdle = async () => post.waiting() === 0 && (await machine.isIdle());
  const hasDrained = await until(isIdle, cast, plot.patienceMs);
  const problems = await wholeBackfill(cast, plot.seed % 2 === 0 ? "command" : "resync");
  const patienceMs = hasDrained ? plot.patienceMs : Math.min(plot.patienceMs, lastPatienceMs);
  const isWhole = (await until(isIdle, cast, patienceMs)) && hasDrained;
  plot.plant?.late?.(port, witness);
  witness.watch.end(clock.now());
  const wrong = compare(port.entities, witness, clock.now() - witness.start);
  wrong.push(...(await troubles(cast, problems, isWhole)));
  await machine.stop();
  return { wrong: wrong.toSorted((a, b) => a.key.localeCompare(b.key)), post: post.counts };
}

async function troubles(
  { machine, clock, witness }: Cast,
  problems: readonly string[],
  isWhole: boolean,
): Promise<Violation[]> {
  const at = clock.now() - witness.start;
  const left = isWhole ? [] : await machine.left();
  return [
    ...problems.map((what) => ({ kind: "problem", at, key: "last backfill", what }) as const),
    ...left.map((body) => ({ kind: "lost", at, key: "queue", what: body.slice(0, 300) }) as const),
    ...(await machine.dead()).map(
      ({ reason, body }) => ({ kind: "dead letter", at, key: reason, what: body.slice(0, 300) }) as const,
    ),
  ];
}

function createStage({ bitbucket, random, witness }: Cast, send: (payload: object) => void): Stage {
  let names = 0;
  return {
    bitbucket,
    random: random.fork(),
    fresh: (word) => `${word}-${++names}`,
    formerSlugs: [],
    formerKeys: [],
    happened(what, payload) {
      witness.happened(what, payload);
      if (payload !== undefined) send(payload);
    },
  };
}

/** @returns false when it did not come true in time */
async function until(isSo: () => Promise<boolean>, { clock }: Cast, patienceMs: number): Promise<boolean> {
  const last = clock.now() + patienceMs;
  while (!(await isSo())) {
    if (clock.now() > last) return false;
    await clock.sleep(1_000);
  }
  return true;
}
