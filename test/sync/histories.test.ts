import fc from "fast-check";
import { expect, test } from "vitest";
import type { Entity } from "../../lib/port/entity.ts";
import type { Candidate, Version } from "../../lib/sync/candidate.ts";
import { type Decision, decide, type Remembered } from "../../lib/sync/plan.ts";
import { decideDeletion } from "../../lib/sync/plan-deletion.ts";

const begin = Date.parse("2024-05-01T10:00:00Z");
const address = { kind: "pull-request", key: "PRJ", slug: "app", id: 7 } as const;
const link = "https://bitbucket.example.org/projects/PRJ/repos/app/pull-requests/7";

/** What an object looks like from some moment on; all times in epoch ms. */
interface State {
  readonly at: number;
  readonly created: number;
  readonly updated: number;
  readonly title: string;
  readonly merged: boolean;
}
/** A state that is heard of at some time after it came about; without a state the object went. */
interface Heard {
  readonly at: number;
  readonly heardAt: number;
  readonly state: State | undefined;
  /** Whoever hears of it remembers nothing. */
  readonly forgets: boolean;
}

const change = fc.record({
  /** After so long. */
  after: fc.nat({ max: 30_000 }),
  title: fc.constantFrom("a", "b", "c"),
  /** Reviews and comments are no update. */
  isUpdate: fc.boolean(),
});
const life = fc.array(change, { minLength: 1, maxLength: 4 });
const history = fc.record({
  first: life,
  isMerged: fc.boolean(),
  successor: fc.option(life, { nil: undefined }),
  /** Something older may be renamed to where this one was. */
  isOlder: fc.boolean(),
  /** Whether anybody says that the first one went. */
  isTold: fc.boolean(),
  ends: fc.boolean(),
});
type History = typeof history extends fc.Arbitrary<infer Value> ? Value : never;

/** What was at the address from when on: undefined where nothing was. */
function statesOf({ first, isMerged, successor, isOlder, ends }: History) {
  const all: { at: number; state: State | undefined }[] = [];
  let at = begin;
  const live = (changes: typeof first, created: number, last: boolean) => {
    let updated = created;
    for (const [index, { after, title, isUpdate }] of changes.entries()) {
      at += after + 1;
      if (isUpdate) updated = Math.max(updated + 1, created + (at - begin));
      const merged = last && index === changes.length - 1;
      if (merged) updated++;
      all.push({ at, state: { at, created, updated, title, merged } });
    }
  };
  live(first, begin, isMerged);
  if (successor !== undefined || ends) all.push({ at: ++at, state: undefined });
  if (successor === undefined) return all;
  live(successor, isOlder ? begin - 9_000_000 : at, false);
  if (ends) all.push({ at: ++at, state: undefined });
  return all;
}

const delivery = fc.record({ delay: fc.nat({ max: 60_000 }), forgets: fc.boolean() });
const world = history.chain((it) => {
  const states = statesOf(it);
  const list = fc.array(delivery, { minLength: states.length, maxLength: states.length });
  return fc.record({
    states: fc.constant(states),
    isTold: fc.constant(it.isTold),
    once: list,
    /** Some come twice. */
    again: fc.array(fc.option(delivery, { nil: undefined }), { maxLength: states.length }),
  });
});

const iso = (ms: number) => new Date(ms).toISOString();
const roles = { version: "updated_on", created: "created_on", link: "link", state: "state" } as const;

function candidateOf(state: State, version: Version, hasDates: boolean): Candidate {
  const dates = hasDates ? { updated_on: iso(state.updated), created_on: iso(state.created) } : {};
  const properties = { ...dates, link, state: state.merged ? "MERGED" : "OPEN" };
  const entity: Entity = { identifier: "i", blueprint: "b", title: state.title, properties, relations: {} };
  const own = hasDates ? { createdDate: state.created } : {};
  return {
    kind: hasDates ? "pull-request" : "repository",
    entity,
    intent: "write",
    version: hasDates ? { ...version, updated: state.updated } : version,
    roles: hasDates ? roles : { link: "link" },
    enriched: [],
    address,
    sources: [0],
    ...own,
  };
}

/** A catalog of one entity, and whoever works off what is heard. */
function catalogAfter(heard: readonly Heard[], states: ReturnType<typeof statesOf>, hasDates: boolean) {
  let port: Entity | undefined;
  let remembered: Remembered | undefined;
  const seen: Decision[] = [];
  const trueAt = (now: number) => states.findLast(({ at }) => at <= now)?.state;

  function show(candidate: Candidate, now: number): void {
    const decision = decide(candidate, port, { remembered, now });
    seen.push(decision);
    if (decision === "ask") showNow(now);
    if (decision === "create" || decision === "update") port = candidate.entity;
    if (decision !== "older" && decision !== "ask")
      remembered = { version: { ...candidate.version, order: -1 } };
  }
  function showNow(now: number): void {
    const state = trueAt(now);
    const at = Math.floor(now / 1_000) * 1_000;
    if (state !== undefined) show(candidateOf(state, { order: 0, proof: "asked", at }, hasDates), now);
  }

  for (const { at, heardAt, state, forgets } of heard) {
    if (forgets) remembered = undefined;
    const date = Math.floor(at / 1_000) * 1_000;
    if (state !== undefined) show(candidateOf(state, { order: 0, date }, hasDates), heardAt);
    else if (trueAt(heardAt) !== undefined) showNow(heardAt);
    else if (decideDeletion({ roles, address, linked: true }, port) === "delete") port = undefined;
  }
  return { port, seen };
}

test.each([
  ["pull requests", true],
  ["repositories, which carry no dates", false],
])("%s end as they are, in whatever order they were heard of and whatever was forgotten", (_, hasDates) => {
  const decisions = new Set<Decision>();
  fc.assert(
    fc.property(world, ({ states, isTold, once, again }) => {
      const heard = [...once, ...again]
        .flatMap((it, index) => {
          const own = states[index % states.length];
          const isSilent = own?.state === undefined && own !== states.at(-1) && !isTold;
          return it === undefined || own === undefined || isSilent
            ? []
            : [{ ...own, heardAt: own.at + it.delay, forgets: it.forgets }];
        })
        .toSorted((a, b) => a.heardAt - b.heardAt);
      const { port, seen } = catalogAfter(heard, states, hasDates);
      for (const decision of seen) decisions.add(decision);
      const last = states.at(-1)?.state;
      const expected = last && candidateOf(last, { order: 0 }, hasDates).entity;
      expect(port).toEqual(expected);
    }),
    { numRuns: 3_000 },
  );
  // Otherwise the property would say little.
  expect([...decisions].toSorted()).toEqual(["ask", "create", "older", "unchanged", "update"]);
});
