import type { BitbucketSimulator } from "../../infra/local/simulators/bitbucket/server.ts";
import type { PortSimulator } from "../../infra/local/simulators/port/server.ts";
import { acting } from "./acting.ts";
import { compare } from "./compare.ts";
import type { Faults } from "./faults.ts";
import { liveOn } from "./life.ts";
import { backfillCommand, type Places, startResync } from "./pipeline.ts";
import { createPost, type PostOptions } from "./post.ts";
import type { Random } from "./random.ts";
import type { Stage } from "./stage.ts";
import type { Violation } from "./violation.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import type { Witness } from "./witness.ts";
import { startWorkers } from "./workers.ts";
import type { WorldOptions } from "./world.ts";

export interface Cast {
  readonly options: WorldOptions;
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly places: Places;
  readonly bitbucket: BitbucketSimulator;
  readonly port: PortSimulator;
  readonly witness: Witness;
  readonly faults: Faults;
  readonly post: PostOptions;
  readonly bring: (payload: object, requestId: string) => Promise<number>;
}

export interface Played {
  /** What is wrong at the end. */
  readonly wrong: readonly Violation[];
  readonly post: ReturnType<typeof createPost>["counts"];
}

const consumers = 3;
const backfillers = 2;
/** A backfill beside begins about so often, in ms. */
const backfillEveryMs = 25_000;
/** Whatever still waits after so long is lost, in ms: messages that fail come again after 15 minutes at the most. */
const patienceMs = 6 * 3_600_000;

/** A world's whole course: life, with backfills beside; then what is under way comes to its end, and a last backfill. */
export async function play(cast: Cast): Promise<Played> {
  const { options, clock, random, places, port, witness, faults, bring } = cast;
  const post = createPost(bring, clock, random.fork(), cast.post);
  const workers = startWorkers({ clock, random: random.fork(), places, consumers, backfills: backfillers });
  await wholeBackfill(cast, 0);
  const seconds = options.seconds ?? 100;
  const end = clock.now() + seconds * 1000;
  const beside = options.backfills === false ? undefined : backfillsBeside(cast, end);
  const stage = createStage(cast, post.send);
  while (clock.now() < end) {
    liveOn(stage, options.kind ?? "all");
    await clock.sleep(random.between(0, 2_000 / (options.pace ?? 2)));
  }
  faults.end();
  await beside;
  options.plant?.(port, witness);
  const idle = () =>
    post.waiting() === 0 && places.live.size() === 0 && places.backfill.size() === 0 && !workers.isBusy();
  const drained = await until(idle, cast);
  const problems = await wholeBackfill(cast, options.seed);
  const swept = drained && (await until(idle, cast));
  await workers.stop();
  const now = clock.now();
  witness.watch.end(now);
  const at = now - witness.start;
  const wrong: Violation[] = compare(port.entities, witness.expected(), at);
  for (const problem of problems) wrong.push({ kind: "problem", at, key: "last backfill", what: problem });
  if (!swept) {
    const left = [...places.live.all(), ...places.backfill.all()];
    for (const { body } of left) wrong.push({ kind: "lost", at, key: "queue", what: body.slice(0, 300) });
  }
  for (const { attributes, body } of [...places.dead.all(), ...places.live.dead, ...places.backfill.dead])
    wrong.push({ kind: "dead letter", at, key: `${attributes?.["reason"]}`, what: body.slice(0, 300) });
  return { wrong: wrong.toSorted((a, b) => a.key.localeCompare(b.key)), post: post.counts };
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

/** By the command or by the queue, as chance has it. */
async function wholeBackfill({ places, clock }: Cast, seed: number): Promise<readonly string[]> {
  const asked = { state: "ALL", allowMassDelete: true } as const;
  const actor = { name: "command", about: "whole backfill" };
  if (seed % 2 === 0) return acting.run(actor, () => backfillCommand(asked, places));
  for (let tries = 1; ; tries++) {
    try {
      await acting.run({ name: "resync", about: "the last" }, () => startResync(asked, places));
      return [];
    } catch (error) {
      if (tries === 3) return [`resync: ${error instanceof Error ? error.message : error}`];
      await clock.sleep(60_000);
    }
  }
}

async function backfillsBeside(
  { clock, random: source, places, bitbucket }: Cast,
  end: number,
): Promise<void> {
  const random = source.fork();
  const running: Promise<unknown>[] = [];
  for (;;) {
    await clock.sleep(random.between(0.3, 1.7) * backfillEveryMs);
    if (clock.now() >= end) break;
    const state = random.pick(["ALL", "OPEN"] as const);
    const actor = { name: random.chance(0.6) ? "resync" : "command", about: state };
    const keys = random.chance(0.5) ? random.some([...bitbucket.data.projects.keys()], 1) : [];
    const asked = { state, allowMassDelete: true, ...(keys.length > 0 && { projects: keys }) };
    const run = () => (actor.name === "resync" ? startResync(asked, places) : backfillCommand(asked, places));
    running.push(acting.run(actor, run).catch(() => undefined));
  }
  await Promise.all(running);
}

/** @returns false when it did not come true in time */
async function until(isSo: () => boolean, { clock }: Cast): Promise<boolean> {
  const last = clock.now() + patienceMs;
  while (!isSo()) {
    if (clock.now() > last) return false;
    await clock.sleep(1_000);
  }
  return true;
}
