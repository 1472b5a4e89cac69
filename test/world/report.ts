import type { Clock } from "./clock.ts";
import type { Places } from "./pipeline.ts";
import type { Played } from "./story.ts";
import type { Violation } from "./violation.ts";
import type { Witness } from "./witness.ts";
import type { WorldOptions } from "./world.ts";

export interface Report {
  readonly violations: readonly Violation[];
  readonly counts: Readonly<Record<string, number>>;
  /** All of it, for somebody who looks for the cause. */
  readonly text: string;
}

export function reportOf(input: {
  readonly options: Pick<WorldOptions, "seed" | "moved">;
  readonly played: Played;
  readonly witness: Witness;
  readonly calls: ReadonlyMap<string, number>;
  readonly clock: Pick<Clock, "now">;
  readonly places?: Places;
}): Report {
  const { options, played, witness, calls, clock } = input;
  const violations = [...witness.watch.violations, ...played.wrong];
  const seconds = Math.round((clock.now() - witness.start) / 1000);
  const { events, lost, doubled, late, refused } = played.post;
  const arrived = Math.max(1, events - lost + doubled);
  const perEvent = (side: string) => (calls.get(`consumer to ${side}`) ?? 0) / arrived;
  const counts = { ...witness.watch.counts, events, lost, doubled, late, refused, seconds };
  const head = [
    `seed ${options.seed}, moved ${options.moved}: ${violations.length} violations${byKind(violations)}`,
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(", "),
    [...calls].map(([name, count]) => `${name} ${count}`).join(", "),
    `a live event: ${perEvent("port").toFixed(2)} calls to Port, ${perEvent("bitbucket").toFixed(2)} to Bitbucket`,
  ];
  const details = violations.map((violation) => described(violation, witness));
  return { violations, counts, text: [...head, ...details].join("\n") };
}

function byKind(violations: readonly Violation[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of violations) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = [...counts].map(([kind, count]) => `${kind} ${count}`);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

/** How much of a past is shown. */
const mostLines = 12;

function described({ kind, at, key, what }: Violation, { history, watch, start, diary }: Witness): string {
  const states = history.states(key).map(({ from, entity }) => {
    const since = Number.isFinite(from) ? `${((from - start) / 1000).toFixed(2)} s` : "before";
    return `      ${since} ${entity === undefined ? "nothing" : `${entity.object} ${JSON.stringify(entity.fields)}`}`;
  });
  const [, identifier = ""] = key.split(/ (.*)/);
  const place = identifier.split("/").slice(0, 2).join("/");
  const about = diary
    .filter((line) => identifier !== "" && line.includes(place))
    .map((line) => `      ${line}`);
  return [
    "",
    `${(at / 1000).toFixed(2)} s ${kind}: ${key}: ${what}`,
    "    was true:",
    ...states.slice(-mostLines),
    "    was written:",
    ...watch
      .written(key)
      .slice(-mostLines)
      .map((line) => `      ${line}`),
    "    happened:",
    ...about.slice(-mostLines),
  ].join("\n");
}
