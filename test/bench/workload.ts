import type { JsonObject } from "../../lib/json.ts";
import { event, pullRequest, repository, start, user } from "../support/payloads.ts";

/** A pull request's life as the events tell it, and what the catalog has to show in the end. */
export interface Life {
  /** Payloads in their order. */
  readonly events: readonly JsonObject[];
  readonly identifier: string;
  readonly newest: { readonly title: string; readonly state: string; readonly updatedAt: number };
}

const repositories = [
  ["SHOP", "cart"],
  ["SHOP", "search"],
  ["CORE", "login"],
  ["CORE", "gateway"],
] as const;
const authors = 20;
const minuteMs = 60_000;

/**
 * Pull requests spread over four repositories of two projects and twenty people, with five events each.
 * @param begin epoch ms
 */
export function lives(count: number, begin = start): Life[] {
  return Array.from({ length: count }, (_, index) => life(index, begin));
}

/** The first event of every pull request, then the second of every one, and so on, as when all go on at once. */
export function interleaved(lives: readonly Life[]): JsonObject[] {
  const longest = Math.max(...lives.map(({ events }) => events.length));
  const turns = Array.from({ length: longest }, (_, turn) => turn);
  return turns.flatMap((turn) => lives.flatMap(({ events }) => events.slice(turn, turn + 1)));
}

function life(index: number, begin: number): Life {
  const [key, slug] = repositories[index % repositories.length] ?? repositories[0];
  const id = Math.floor(index / repositories.length) + 1;
  const person = (offset: number) => user(`person${(index + offset) % authors}`);
  const people = {
    author: { user: person(0), role: "AUTHOR", approved: false, status: "UNAPPROVED" },
    reviewers: [1, 2].map((offset) => ({ user: person(offset), role: "REVIEWER", approved: offset === 1 })),
    participants: [{ user: person(3), role: "PARTICIPANT", approved: false }],
  };
  const [lastKey, lastState] = ending(index);
  const turns = [
    ["pr:opened", "OPEN"],
    ["pr:modified", "OPEN"],
    ["pr:reviewer:approved", "OPEN"],
    ["pr:from_ref_updated", "OPEN"],
    [lastKey, lastState],
  ] as const;
  const stateAt = (turn: number) => ({
    title: `Change ${id}, edition ${turn}`,
    updatedDate: begin + index * 1000 + turn * minuteMs,
  });
  const events = turns.map(([eventKey, state], turn) => {
    const overrides = {
      ...people,
      ...stateAt(turn),
      state,
      version: turn,
      createdDate: begin + index * 1000,
    };
    const changed = pullRequest(
      id,
      overrides,
      repository(key, slug, { id: (index % repositories.length) + 1 }),
    );
    return event(eventKey, { pullRequest: changed }, stateAt(turn).updatedDate);
  });
  const { title, updatedDate } = stateAt(turns.length - 1);
  return {
    events,
    identifier: `${key}/${slug}/${id}`,
    newest: { title, state: lastState, updatedAt: updatedDate },
  };
}

/** A third each is merged, declined, and left open. */
function ending(index: number): readonly [eventKey: string, state: string] {
  if (index % 3 === 0) return ["pr:merged", "MERGED"];
  return index % 3 === 1 ? ["pr:declined", "DECLINED"] : ["pr:modified", "OPEN"];
}
