import type { Fault } from "../../infra/local/simulators/http.ts";
import type { Random } from "./random.ts";

export type SideName = "bitbucket" | "port";

export interface FaultOptions {
  /** The share of calls that fail at any time. */
  readonly share: number;
  /** How often, in ms of the world, one side has a bad time; and how long, and how bad it is then. */
  readonly spellEveryMs: number;
  readonly spellMs: number;
  readonly spellShare: number;
}

export const usualFaults: FaultOptions = {
  share: 0.02,
  spellEveryMs: 60_000,
  spellMs: 6_000,
  spellShare: 0.4,
};

/** Decides call by call what goes wrong; undefined = nothing. */
export interface Faults {
  next(side: SideName, now: number): Fault | undefined;
  end(): void;
}

const kinds: Readonly<Record<SideName, readonly Fault[]>> = {
  bitbucket: [
    "reset",
    { status: 503, body: "<html>Service Unavailable</html>", headers: { "Content-Type": "text/html" } },
    { status: 500, body: { errors: [{ context: null, message: "Oops", exceptionName: null }] } },
    { status: 429, body: { errors: [] }, headers: { "Retry-After": "1" } },
  ],
  port: [
    "reset",
    "apply-then-reset",
    { status: 502, body: "<html>Bad Gateway</html>" },
    { status: 503, body: { ok: false, error: "unavailable", message: "later" } },
    {
      status: 429,
      body: { ok: false, error: "rate_limit", message: "later" },
      headers: { "Retry-After": "1" },
    },
  ],
};

export function createFaults(random: Random, start: number, options: FaultOptions): Faults {
  let isOver = false;
  let spell: { side: SideName; from: number } | undefined;
  const planned = (after: number) => ({
    side: random.pick(["bitbucket", "port"] as const),
    from: after + random.between(0.5, 1.5) * options.spellEveryMs,
  });
  return {
    next(side, now) {
      if (isOver) return undefined;
      spell ??= planned(start);
      if (now > spell.from + options.spellMs) spell = planned(now);
      const isBad = spell.side === side && now >= spell.from;
      return random.chance(isBad ? options.spellShare : options.share) ? random.pick(kinds[side]) : undefined;
    },
    end() {
      isOver = true;
    },
  };
}
