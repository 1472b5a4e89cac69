import type { Entity, Write } from "../../infra/local/simulators/port/types.ts";
import type { Actor } from "./acting.ts";
import { type Fields, fieldsOf, keyOf } from "./catalog.ts";
import type { History, State } from "./history.ts";
import { changes, mixture, standing } from "./track.ts";
import type { Violation } from "./violation.ts";
import { described } from "./written.ts";

/** A regression may last so long, and an object has to be there for so long before its deletion is a fault; ms. */
export const tolerance = 5_000;

export interface Watch {
  /** Looks at a write at the moment that Port has it. */
  note(write: Write, actor: Actor | undefined): void;
  /** What is still wrong at the end counts as well. */
  end(now: number): void;
  readonly violations: readonly Violation[];
  readonly counts: Readonly<Record<Counted, number>>;
  /** What was written to an entity, the latest last. */
  written(key: string): readonly string[];
}

type Counted = "writes" | "shortRegressions" | "hastyDeletions" | "ghosts";

interface Open {
  readonly kind: Violation["kind"];
  readonly since: number;
  readonly what: string;
  /** The state that has to be reached for it to be over. */
  readonly floor: number;
}

interface Track {
  /** By field: the state that Port has come to. */
  readonly reached: Map<string, number>;
  /** The state in which the entity was rightly deleted. */
  deletedIn: number;
  readonly open: Map<string, Open>;
  readonly log: string[];
}

export function createWatch(history: History, start: number): Watch {
  const tracks = new Map<string, Track>();
  const shown = new Map<string, Entity>();
  const violations: Violation[] = [];
  const counts = { writes: 0, shortRegressions: 0, hastyDeletions: 0, ghosts: 0 };

  function trackOf(key: string): Track {
    const track = tracks.get(key) ?? { reached: new Map(), deletedIn: -1, open: new Map(), log: [] };
    tracks.set(key, track);
    return track;
  }

  function close(key: string, track: Track, name: string, now: number): void {
    const open = track.open.get(name);
    if (open === undefined) return;
    track.open.delete(name);
    const lasted = now - open.since;
    if (lasted <= tolerance) counts.shortRegressions++;
    else report({ kind: open.kind, at: open.since - start, key, what: `${open.what}; ${inSeconds(lasted)}` });
  }

  /** What one write did to several fields is one violation. */
  function report(violation: Violation): void {
    const { kind, at, key, what } = violation;
    const same = violations.findIndex((one) => one.kind === kind && one.at === at && one.key === key);
    const before = violations[same];
    if (before === undefined) violations.push(violation);
    else violations[same] = { ...violation, what: `${before.what}; ${what}` };
  }

  function look(key: string, track: Track, write: Write): void {
    const states = history.states(key);
    const before: Fields = write.before === undefined ? {} : fieldsOf(write.before);
    const after: Fields = write.after === undefined ? {} : fieldsOf(write.after);
    for (const { field, old, text } of changes(before, after)) {
      if (text === "" && write.action === "create") continue;
      const from = Math.max(track.reached.get(field) ?? -1, track.deletedIn);
      const found = standing(states, field, text, from);
      const open = track.open.get(field);
      if (found.is === "onward") {
        track.reached.set(field, found.index);
        if (open !== undefined && found.index >= open.floor) close(key, track, field, write.at);
        continue;
      }
      const isAnew = found.is === "backward" && track.deletedIn > found.index;
      const kind = found.is === "never true" ? found.is : isAnew ? "made anew" : "regression";
      const what = `${field} ${old} became ${text}${found.is === "backward" ? `, which was true before` : ""}`;
      if (open === undefined) track.open.set(field, { kind, since: write.at, what, floor: from });
    }
    const mixed = mixture(states, after);
    const isOpen = track.open.has("mixed");
    if (mixed === undefined) close(key, track, "mixed", write.at);
    else if (!isOpen) track.open.set("mixed", { kind: "mixed", since: write.at, what: mixed, floor: 0 });
    if (write.action === "create" && states.at(-1)?.entity === undefined) counts.ghosts++;
  }

  function lookAtDeletion(key: string, track: Track, { at, before }: Write): void {
    const states = history.states(key);
    const there = states.at(-1)?.entity;
    if (there === undefined) {
      track.deletedIn = states.length - 1;
      for (const name of [...track.open.keys()]) close(key, track, name, at);
      return;
    }
    const isLeaver = there.optional && there.blueprint === "bitbucketUser";
    // Whom Bitbucket does not know any more stays for the sake of what the catalog says of him.
    const isUnnamed = isLeaver && before !== undefined && !isNamed(before, [...shown.values()]);
    if (at - presentSince(states) <= tolerance || isUnnamed) counts.hastyDeletions++;
    else {
      const kind = isLeaver ? "leaver deleted" : "deleted though there";
      violations.push({ kind, at: at - start, key, what: `it shows ${there.object}` });
    }
  }

  return {
    violations,
    counts,
    written: (key) => tracks.get(key)?.log ?? [],
    note(write, actor) {
      counts.writes++;
      const key = keyOf(write);
      const track = trackOf(key);
      track.log.push(described(write, actor, start));
      if (write.after === undefined) shown.delete(key);
      else shown.set(key, write.after);
      if (write.action === "delete") lookAtDeletion(key, track, write);
      else if (!write.bare) look(key, track, write);
    },
    end(now) {
      for (const [key, track] of tracks)
        for (const name of [...track.open.keys()]) close(key, track, name, now);
    },
  };
}

/** Something in the catalog relates to a user, or has him as author or reviewer. */
function isNamed({ identifier, title, properties }: Entity, entities: readonly Entity[]): boolean {
  const names = new Set<unknown>([identifier, title, properties["username"]]);
  return entities.some((entity) => {
    const related = Object.values(entity.relations).flat();
    const people = [entity.properties["owner"], entity.properties["reviewers"]].flat();
    return related.includes(identifier) || people.some((name) => names.has(name));
  });
}

function inSeconds(ms: number): string {
  return `lasted ${(ms / 1000).toFixed(1)} s`;
}

/** Since when there is an object at this address, with or without changes. */
function presentSince(states: readonly State[]): number {
  let since = Number.POSITIVE_INFINITY;
  for (const { from, entity } of states.toReversed()) {
    if (entity === undefined) break;
    since = from;
  }
  return since;
}
