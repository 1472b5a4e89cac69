import { parseArgs } from "node:util";
import type { Moved } from "../../infra/local/simulators/bitbucket/server.ts";
import type { Kind } from "./life.ts";

export const usage = `npm run soak -- [options]

Lets a simulated Bitbucket live beside the pipeline that npm start runs, with events lost, doubled, late and out of
order, both sides failing now and then, and backfills beside; then compares the catalog with Bitbucket, entity by
entity. Exits with 1 when anything was wrong.

  --seed N          what chance begins with (default 1)
  --seconds N       how long things go on happening (default 240)
  --moved HOW       how old addresses answer: 404, follow, 302, 302-web or 500 (default 404)
  --kind KIND       what may happen: plain, moves, people or all of them (default), and beside them personal projects,
                    broken repositories or a login that expires: personal, broken, nobody
  --pace N          things that happen in a second (default 2)
  --patience N      how long messages may wait after that, in seconds (default 1200)
  --virtual         in this process and in its own time: minutes pass in seconds, the same seed gives the same run
  --crashes SHARE   the share of invocations whose container dies in the middle, with --virtual (default 0)
  --verbose         every violation in detail, not only the first ten
  --help            this text`;

export interface SoakOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly moved: Moved;
  readonly kind: Kind;
  readonly pace: number;
  readonly patience: number;
  readonly virtual: boolean;
  readonly crashes: number;
  readonly verbose: boolean;
}

const ways = ["404", "follow", "302", "302-web", "500"] as const;
const kinds = ["plain", "moves", "people", "all", "personal", "broken", "nobody"] as const;

/** @throws Error naming the option that is wrong; undefined when only the usage is wanted */
export function soakOptions(args: readonly string[]): SoakOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string", default: "1" },
      seconds: { type: "string", default: "240" },
      moved: { type: "string", default: "404" },
      kind: { type: "string", default: "all" },
      pace: { type: "string", default: "2" },
      patience: { type: "string", default: "1200" },
      virtual: { type: "boolean", default: false },
      crashes: { type: "string", default: "0" },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  return {
    seed: numberOf("seed", values.seed),
    seconds: numberOf("seconds", values.seconds),
    pace: numberOf("pace", values.pace),
    patience: numberOf("patience", values.patience),
    moved: oneOf("moved", ways, values.moved),
    kind: oneOf("kind", kinds, values.kind),
    virtual: values.virtual,
    crashes: numberOf("crashes", values.crashes),
    verbose: values.verbose,
  };
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new Error(`--${name} is not a number: ${text}`);
}

function oneOf<Known extends string>(name: string, all: readonly Known[], text: string): Known {
  const found = all.find((known) => known === text);
  if (found === undefined) throw new Error(`--${name} is none of ${all.join(", ")}`);
  return found;
}
