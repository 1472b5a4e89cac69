import type { Act, History, Line } from "./acts.ts";

const line = (entity: number, version = 0, uses: number[] = []): Line => ({ entity, version, uses });
const write = (repo: number, file: number, ...lines: Line[]): Act => ({ do: "write", repo, file, lines });
const hear = (event: number, container: number) =>
  ({ do: "hear", event, again: false, container }) as const satisfies Act;
const backfill = { do: "backfill" } as const satisfies Act;

/** What went wrong once, cut down to what it took. */
export const failed: Readonly<Record<string, History>> = {
  "an entity that stood in two files is there again when one of them lets go of it": {
    seed: 1,
    acts: [write(0, 0, line(1)), { do: "copy", repo: 0, file: 0, into: 1 }, backfill, write(0, 0), backfill],
  },
  "a relation that leads nowhere holds back no deletion in its repository": {
    seed: 1,
    acts: [
      write(0, 0, line(0, 0, [1])),
      write(0, 1, line(2)),
      backfill,
      { do: "drop", repo: 0, file: 1 },
      backfill,
    ],
  },
  "what two repositories define at the same time is one's in the end, and the other's when that lets go": {
    seed: 2,
    acts: [
      write(0, 0, line(5, 2)),
      write(1, 0, line(5, 1)),
      { do: "together", works: [hear(0, 0), hear(1, 1)], change: { do: "mend", repo: 2 }, after: 999 },
      write(0, 0),
    ],
  },
  "what two backfills make at the same time goes when no file defines it any more": {
    seed: 1,
    acts: [
      write(0, 0, line(2)),
      {
        do: "together",
        works: [backfill, backfill, hear(0, 1)],
        change: { do: "mend", repo: 2 },
        after: 999,
      },
      write(0, 0),
    ],
  },
  "what cannot be deleted because others relate to it is not written again and again": {
    seed: 1,
    acts: [
      write(0, 0, line(0, 0, [1])),
      write(1, 0, line(1, 0, [1])),
      backfill,
      { do: "delete", repo: 1 },
      backfill,
    ],
  },
  "a push of a repository is not read at its old address, where another one is by now": {
    seed: 1,
    acts: [
      write(1, 1, line(5)),
      hear(0, 0),
      write(1, 2, line(4)),
      { do: "succeed", repo: 1 },
      hear(0, 0),
      { do: "sweep" },
    ],
  },
  "a relation whose new target is nowhere does not lead to the old one": {
    seed: 1,
    acts: [
      write(0, 0, { ...line(0), team: 0 }),
      write(0, 1, line(4)),
      backfill,
      write(0, 0, { ...line(0), team: 1 }),
    ],
  },
};
