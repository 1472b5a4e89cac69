import fc from "fast-check";

/** Which of the entities that a history is about, what it says this time, and what it relates to. */
export interface Line {
  readonly entity: number;
  readonly version: number;
  readonly uses: readonly number[];
  readonly team?: number | undefined;
  /** Its readme is a file: 0 = one from the root, 1 = one beside the definition. */
  readonly link?: number | undefined;
}

/** Numbers of repositories, files and events are taken modulo how many there are. */
export type Change =
  | { readonly do: "write"; readonly repo: number; readonly file: number; readonly lines: readonly Line[] }
  | { readonly do: "add"; readonly repo: number; readonly file: number; readonly line: Line }
  | { readonly do: "take out"; readonly repo: number; readonly file: number; readonly at: number }
  | {
      readonly do: "hand over";
      readonly repo: number;
      readonly file: number;
      readonly at: number;
      readonly to: number;
      readonly into: number;
      readonly takesFirst: boolean;
    }
  | { readonly do: "move" | "copy"; readonly repo: number; readonly file: number; readonly into: number }
  | { readonly do: "drop"; readonly repo: number; readonly file: number }
  | { readonly do: "spoil"; readonly repo: number; readonly file: number; readonly how: Spoiling }
  | { readonly do: "mend"; readonly repo: number }
  | { readonly do: "force"; readonly repo: number; readonly back: number; readonly forgets: boolean }
  | { readonly do: "branch"; readonly repo: number; readonly file: number; readonly line: Line }
  | { readonly do: "default"; readonly repo: number; readonly branch: string }
  /** A file that definitions may refer to is written, or taken away. */
  | { readonly do: "note"; readonly repo: number; readonly note: number; readonly says: string | null }
  /** The repository's project gets another key, and maybe another project the old one. */
  | { readonly do: "rekey"; readonly repo: number; readonly succeeds: boolean }
  | { readonly do: "rename" | "relocate" | "delete" | "succeed"; readonly repo: number };
export type Spoiling = "broken" | "no blueprint" | "something else";

/** What the pipeline does. */
export type Work =
  | {
      readonly do: "hear";
      readonly event: number;
      readonly and?: number | undefined;
      readonly again: boolean;
      readonly container: number;
    }
  | { readonly do: "backfill" }
  | { readonly do: "sweep" };

export type Act =
  | Change
  | Work
  | { readonly do: "lose"; readonly event: number }
  | { readonly do: "faults"; readonly share: number }
  /** All at once; the change happens after so many calls. */
  | {
      readonly do: "together";
      readonly works: readonly Work[];
      readonly change: Change;
      readonly after: number;
    };

const small = fc.nat({ max: 2 });
const service = fc.nat({ max: 3 });
const line: fc.Arbitrary<Line> = fc.record({
  entity: fc.nat({ max: 5 }),
  version: small,
  uses: fc.uniqueArray(service, { maxLength: 2 }),
  team: fc.option(fc.nat({ max: 1 }), { nil: undefined }),
  link: fc.option(fc.nat({ max: 1 }), { nil: undefined }),
});
const lines = fc.uniqueArray(line, { maxLength: 4, selector: ({ entity }) => entity });
const branch = fc.constantFrom("main", "main", "next", "nowhere");
const spoiling = fc.constantFrom<Spoiling>("broken", "no blueprint", "something else");

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("write" as const), repo: small, file: small, lines }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("add" as const), repo: small, file: small, line }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("take out" as const), repo: small, file: small, at: small }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("hand over" as const),
      repo: small,
      file: small,
      at: small,
      to: small,
      into: small,
      takesFirst: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("move" as const, "copy" as const),
      repo: small,
      file: small,
      into: small,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("drop" as const), repo: small, file: small }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("spoil" as const), repo: small, file: small, how: spoiling }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("mend" as const), repo: small }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("force" as const),
      repo: small,
      back: small,
      forgets: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("branch" as const), repo: small, file: small, line }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("default" as const), repo: small, branch }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("note" as const),
      repo: small,
      note: fc.nat({ max: 3 }),
      says: fc.constantFrom("one", "two", null),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("rekey" as const), repo: small, succeeds: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("rename" as const, "relocate" as const, "delete" as const, "succeed" as const),
      repo: small,
    }),
  },
);

const hear = fc.record({
  do: fc.constant("hear" as const),
  event: fc.nat({ max: 7 }),
  and: fc.option(fc.nat({ max: 7 }), { nil: undefined }),
  again: fc.boolean(),
  container: fc.nat({ max: 1 }),
});
const work: fc.Arbitrary<Work> = fc.oneof(
  { weight: 6, arbitrary: hear },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("backfill" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("sweep" as const) }) },
);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 12, arbitrary: change },
  { weight: 9, arbitrary: work },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lose" as const), event: fc.nat({ max: 7 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("faults" as const), share: fc.constantFrom(0, 5, 20) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("together" as const),
      works: fc.array(work, { minLength: 1, maxLength: 3 }),
      change,
      after: fc.nat({ max: 30 }),
    }),
  },
);

export interface History {
  /** Chance's beginning: which calls fail, and how. */
  readonly seed: number;
  readonly acts: readonly Act[];
}

export const history: fc.Arbitrary<History> = fc.record({
  seed: fc.nat({ max: 1_000_000 }),
  acts: fc.array(act, { minLength: 1, maxLength: 16, size: "max" }),
});
