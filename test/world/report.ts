import { type ExpectedEntity, textOf } from "./catalog.ts";
import type { Played } from "./story.ts";
import type { Violation } from "./violation.ts";
import type { Witness } from "./witness.ts";

export interface Report {
  readonly violations: readonly Violation[];
  readonly counts: Readonly<Record<string, number>>;
  /** All of it, for somebody who looks for the cause. */
  readonly text: string;
}

export function reportOf(input: {
  readonly title: string;
  readonly played: Played;
  readonly witness: Witness;
  readonly calls: ReadonlyMap<string, number>;
  readonly now: number;
}): Report {
  const { title, played, witness, calls, now } = input;
  const violations = [...witness.watch.violations, ...played.wrong];
  const seconds = Math.round((now - witness.start) / 1000);
  const { events, lost, doubled, late, refused } = played.post;
  const arrived = Math.max(1, events - lost + doubled);
  const perEvent = (side: string) => (calls.get(`consumer to ${side}`) ?? 0) / arrived;
  const counts = { ...witness.watch.counts, events, lost, doubled, late, refused, seconds };
  const head = [
    `${title}: ${violations.length} violations${byKind(violations)}`,
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
  const states = history.states(key).map(({ from, entity }, index, all) => {
    const since = Number.isFinite(from) ? `${((from - start) / 1000).toFixed(2)} s` : "before";
    return `      ${since} ${entity === undefined ? "nothing" : differing(all[index - 1]?.entity, entity)}`;
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

/** All of it where the object is another one than before, else what changed. */
function differing(before: ExpectedEntity | undefined, { object, fields }: ExpectedEntity): string {
  const isNew = before?.object !== object;
  const all = Object.entries(fields).filter(([, value]) => value !== undefined);
  const shown = isNew ? all : all.filter(([name, value]) => textOf(before.fields[name]) !== textOf(value));
  return `${object} ${shown.map(([name, value]) => `${name}: ${textOf(value)}`).join(", ")}`;
}
