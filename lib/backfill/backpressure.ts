import type { Page } from "../bitbucket/client.ts";

/** Keeps the objects that are in memory few, over all projects that are worked on together. */
export interface Backpressure {
  /** Reads a page of a listing when there is room for it. */
  read(read: () => Promise<Page>): Promise<Page>;
  /** Works on so many objects; while many are worked on, no page is read. */
  work<Result>(objects: number, work: () => Promise<Result>): Promise<Result>;
}

/** What a page is taken for as long as none was seen. */
const firstGuess = 250;

/** @param room objects that are read or worked on before the next page waits */
export function createBackpressure(room = 2_000): Backpressure {
  let expected = firstGuess;
  let taken = 0;
  let freed = Promise.withResolvers<void>();

  async function holding<Result>(objects: number, work: () => Promise<Result>): Promise<Result> {
    taken += objects;
    try {
      return await work();
    } finally {
      taken -= objects;
      freed.resolve();
      freed = Promise.withResolvers();
    }
  }

  return {
    async read(read) {
      // Whatever takes the room is under way and gives it back: nothing of it waits for room itself.
      while (taken >= room) await freed.promise;
      const page = await holding(expected, read);
      expected = Math.max(1, page.values.length);
      return page;
    },
    work: holding,
  };
}
